"""The programme's tables and arithmetic: what may happen to an entry, what a score means, how much is done."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.models import PROGRAMME
from offers.programme_enums import Direction, EventStatus, RiskStatus, ToolKind, WorkStatus
from offers.programme_tools import TOOLS
from offers.programme_words import number, on_or_in_words
from offers.rules import programme_states as states
from offers.rules.programme_progress import is_overdue, is_reached, points, progress, risk_level, room, score

DOCUMENT = Path(__file__).parents[3] / "docs" / "states" / "programme-states.md"
TODAY = dt.date(2013, 12, 20)

# Written out by hand: what may follow what.
WORK = {
    ("planned", "under-way"),
    ("planned", "done"),
    ("planned", "dropped"),
    ("under-way", "done"),
    ("under-way", "dropped"),
    ("done", "under-way"),
    ("dropped", "planned"),
}
RISK = {
    ("open", "resolved"),
    ("open", "accepted"),
    ("accepted", "resolved"),
    ("accepted", "open"),
    ("resolved", "open"),
}
EVENT = {("planned", "held"), ("planned", "cancelled"), ("held", "planned"), ("cancelled", "planned")}


@pytest.mark.parametrize(
    ("tool", "statuses", "expected"),
    [
        ("deliverables", WorkStatus, WORK),
        ("stakeholder-needs", WorkStatus, WORK),
        ("development-needs", WorkStatus, WORK),
        ("risks", RiskStatus, RISK),
        ("engagement-events", EventStatus, EVENT),
    ],
)
def test_step_leads_where_it_may_and_nowhere_else(tool, statuses, expected):
    found = {(status.value, step.to_status.value) for status in statuses for step in states.steps_from(tool, status)}
    assert found == expected
    assert states.TABLES[tool].allowed_jumps() == sorted(expected)


@pytest.mark.parametrize("tool", sorted(set(ToolKind.values) - set(states.TABLES)))
def test_tool_without_statuses_has_no_steps(tool):
    assert states.steps_from(tool, "open") == []
    assert states.find_step(tool, "", "resolve") is None


def test_diagrams_in_the_documents_are_the_tables():
    assert states.mermaid() in DOCUMENT.read_text(encoding="utf-8")


def test_every_tool_has_a_table_with_the_fields_it_asks():
    assert list(TOOLS) == ToolKind.values
    assert set(PROGRAMME) == set(ToolKind.values)
    for kind, tool in TOOLS.items():
        asked = {field.name for field in PROGRAMME[kind]._meta.get_fields() if getattr(field, "editable", False)}
        own = asked - {field.name for field in PROGRAMME[kind].__mro__[1]._meta.get_fields()} - {"id"}
        assert own - {"status"} == set(tool.fields), kind
        assert PROGRAMME[kind]._meta.verbose_name == tool.one


@pytest.mark.parametrize(
    ("points_", "level"),
    [
        (1, "Low"),
        (3, "Low"),
        (4, "Moderate"),
        (6, "Moderate"),
        (8, "High"),
        (12, "High"),
        (15, "Extreme"),
        (25, "Extreme"),
    ],
)
def test_score_is_in_the_band_of_the_nhs_matrix(points_, level):
    assert risk_level(points_) == level


def test_scores_of_the_surrey_paper_are_extreme():
    assert [risk_level(score(*each)) for each in ((5, 5), (5, 4))] == ["Extreme", "Extreme"]


@pytest.mark.parametrize(
    ("status", "due_on", "expected"),
    [
        ("planned", TODAY - dt.timedelta(days=1), True),
        ("under-way", TODAY - dt.timedelta(days=1), True),
        ("planned", TODAY, False),
        ("planned", None, False),
        ("done", TODAY - dt.timedelta(days=1), False),
        ("dropped", TODAY - dt.timedelta(days=1), False),
    ],
)
def test_work_is_overdue_the_day_after_it_was_due(status, due_on, expected):
    assert is_overdue(status, due_on, TODAY) is expected


work = st.lists(
    st.tuples(
        st.sampled_from(WorkStatus.values),
        st.none() | st.dates(TODAY - dt.timedelta(days=3), TODAY + dt.timedelta(days=3)),
    ),
    max_size=30,
)


@given(work)
def test_progress_counts_each_once(rows):
    found = progress(rows, TODAY)
    assert found.total + found.dropped == len(rows)
    assert found.overdue <= found.planned + found.under_way
    assert (found.percent_done == 100) is (found.total > 0 and found.done == found.total)


@given(st.integers(1, 500), st.integers(0, 500))
def test_room_of_a_cap_is_what_is_left_or_what_is_over(cap, now):
    found = room(cap, now)
    assert found.left - found.over == cap - now
    assert min(found.left, found.over) == 0


@pytest.mark.parametrize(
    ("direction", "value", "target", "expected"),
    [
        (Direction.UP, Decimal(20), Decimal(20), True),
        (Direction.UP, Decimal(19), Decimal(20), False),
        (Direction.DOWN, Decimal(28), Decimal(28), True),
        (Direction.DOWN, Decimal("28.5"), Decimal(28), False),
        (Direction.UP, None, Decimal(20), None),
        (Direction.UP, Decimal(20), None, None),
    ],
)
def test_target_is_reached_in_the_direction_it_should_move(direction, value, target, expected):
    assert is_reached(direction, value, target) is expected


def test_points_are_lines_without_their_signs():
    assert points("- One\n\n * Two \n•Three\n-\n") == ["One", "Two", "Three"]
    assert points("") == []


def test_numbers_are_said_with_their_unit():
    assert [number(Decimal("12.50"), "%"), number(Decimal("20.00"), "people"), number(1011), number(None)] == [
        "12.5%",
        "20 people",
        "1,011",
        "–",
    ]
    assert on_or_in_words(dt.date(2013, 12, 4), "") == "4 December 2013"
    assert on_or_in_words(None, "in January or February") == "in January or February"
    assert on_or_in_words(None, "") == "–"
