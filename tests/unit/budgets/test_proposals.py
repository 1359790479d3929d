import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budgets.enums import Funder, Method
from budgets.rules import panel_states, proposal_states, proposals
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.departures import check_departure
from budgets.rules.proposal_states import ProposalKind
from budgets.rules.proposals import Standing, Terms

DOCS = Path(__file__).parents[3] / "docs"
TODAY = dt.date(2026, 11, 22)
STANDING = Standing(
    agreed_on=dt.date(2026, 1, 5),
    started_on=dt.date(2026, 2, 1),
    ended_on=None,
    last_applies_from=dt.date(2026, 1, 5),
    methods_began_on=dt.date(2026, 6, 1),
    is_confirmed=True,
)


def terms(**changes: Any) -> Terms:
    given = {
        "applies_from": TODAY,
        "annual_amount": Decimal(1000),
        "methods": [MethodAmount(Method.DIRECT_PAYMENT, Decimal(1000))],
        "shares": [Share(Funder.NHS, Decimal(100))],
    }
    return Terms(**{**given, **changes})


@pytest.mark.parametrize(
    ("table", "document"), [(proposal_states, "proposal-states.md"), (panel_states, "risk-panel-states.md")]
)
def test_document_shows_the_table(table: Any, document: str) -> None:
    assert f"```mermaid\n{table.mermaid()}```" in (DOCS / "states" / document).read_text(encoding="utf-8")


def test_nothing_reaches_approved_without_having_been_submitted() -> None:
    into = {start for start, end in proposal_states.allowed_jumps() if end == "approved"}
    assert into == {"submitted", "referred"}
    assert not [start for start, _ in proposal_states.allowed_jumps() if start in ("approved", "declined", "withdrawn")]


def test_steps_of_those_who_decide_are_no_steps_of_authors() -> None:
    deciding = {"approve-budgets", "decide-at-panel"}
    assert not [step for step in proposal_states.STEPS if step.permission in deciding and step.is_authorship]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"one_off_amount": Decimal("-1")}, "one_off_amount"),
        ({"one_off_amount": Decimal(10)}, "one_off_method"),
        ({"one_off_amount": Decimal(10), "one_off_method": "notional"}, "one_off_method"),
        ({"annual_amount": Decimal(0), "methods": [MethodAmount(Method.NOTIONAL, Decimal(0))]}, "annual_amount"),
        ({"reason": " "}, "reason"),
    ],
)
def test_terms_that_are_not_right_name_the_field(changes: dict[str, Any], field: str) -> None:
    found = proposals.check_terms(ProposalKind.CHANGE, terms(**{"reason": "More", **changes}))
    assert [problem.field for problem in found] == [field]
    assert not proposals.check_terms(ProposalKind.CHANGE, terms(reason="More"))
    assert not proposals.check_terms(ProposalKind.FIRST, terms())


@pytest.mark.parametrize(
    ("kind", "day", "is_allowed"),
    [
        ("change", dt.date(2026, 6, 1), True),
        ("change", dt.date(2026, 5, 31), False),
        ("change", dt.date(2027, 11, 23), True),
        ("change", dt.date(2027, 11, 24), False),
        ("correction", TODAY, True),
        ("correction", TODAY + dt.timedelta(days=1), False),
        ("confirmation", dt.date(2026, 1, 5), False),
    ],
)
def test_day_from_which_a_further_budget_applies(kind: str, day: dt.date, is_allowed: bool) -> None:
    assert (proposals.check_applies_from(kind, day, STANDING, TODAY) == []) == is_allowed


@pytest.mark.parametrize(
    ("agreed", "reason", "is_allowed"),
    [("1100.00", "", True), ("1100.01", "", False), ("899.99", "", False), ("1100.01", "More nights", True)],
)
def test_reason_is_needed_beyond_the_margin_and_not_at_it(agreed: str, reason: str, is_allowed: bool) -> None:
    departure = check_departure(Decimal(agreed), Decimal(1000), Decimal(10))
    assert (proposals.check_difference(departure, reason) == []) == is_allowed


CONDITION = [("No direct payment for a service paid under a block contract", "LLR briefing, September 2017, para 11")]


@pytest.mark.parametrize(
    ("method", "is_block_funded", "conditions", "is_allowed"),
    [
        (Method.DIRECT_PAYMENT, True, CONDITION, False),
        (Method.NOTIONAL, True, CONDITION, True),
        (Method.DIRECT_PAYMENT, False, CONDITION, True),
        (Method.DIRECT_PAYMENT, True, [], True),
    ],
)
def test_case_41_block_contract(
    method: Method, is_block_funded: bool, conditions: list[tuple[str, str]], is_allowed: bool
) -> None:
    found = proposals.check_block_contract(
        [MethodAmount(method, Decimal(1))], is_block_funded=is_block_funded, conditions=conditions
    )
    assert (found == []) == is_allowed


@pytest.mark.parametrize(("limit", "is_within"), [(None, False), ("999.99", False), ("1000.00", True)])
def test_limit_holds_at_the_amount_itself(limit: str | None, is_within: bool) -> None:
    assert proposals.is_within(Decimal(1000), Decimal(limit) if limit else None) == is_within
