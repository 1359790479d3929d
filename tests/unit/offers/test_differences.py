"""Two snapshots in, every change out: no more, no fewer."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.rules.differences import Change, differences, marks

COHORTS = ("chc", "s117", "wheelchair")


def line(cohort: str = "chc", **changed: Any) -> dict[str, Any]:
    """A planned line of a cohort."""
    status = changed.get("status", "planned")
    return {
        "cohort": cohort,
        "cohort_name": cohort.upper(),
        "status": status,
        "status_label": status.capitalize(),
        "note": "",
        "source": "",
        "starts_on": None,
        "ends_on": None,
        **changed,
    }


def phase(name: str, *lines: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A phase without dates; its lines without a day of their own begin with it."""
    starts_on = changed.get("starts_on")
    return {
        "name": name,
        "starts_on": starts_on,
        "ends_on": None,
        "timing": "",
        "continues_earlier": True,
        "continues": [],
        "lines": [each if each["starts_on"] else {**each, "starts_on": starts_on} for each in lines],
        **changed,
    }


def figure(code: str = "phbs", text: str = "122", **changed: Any) -> dict[str, Any]:
    """A figure."""
    return {
        "code": code,
        "label": code.capitalize(),
        "text": text,
        "number": text.replace(",", ""),
        "definition": "Budgets in place",
        "as_at": "2017-02-07",
        **changed,
    }


def section(kind: str = "funding", body: str = "No new money", **changed: Any) -> dict[str, Any]:
    """A section."""
    return {"kind": kind, "heading": kind.capitalize(), "body": body, "easy_read": [], **changed}


def snapshot(*, sections: Any = (), timeline: Any = (), figures: Any = (), title: str = "An offer") -> dict[str, Any]:
    """The parts of a snapshot that are compared."""
    return {
        "edition": {"title": title},
        "local_offer": {"title": "An offer", "commissioner_name": "A commissioner"},
        "sections": list(sections),
        "timeline": list(timeline),
        "figures": list(figures),
    }


def found(was: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """What the test is about of each change."""
    return [(each.kind.value, each.title, each.was, each.now) for each in differences(was, now)]


def test_nothing_changed() -> None:
    whole = snapshot(sections=[section()], timeline=[phase("2016/17", line())], figures=[figure()])
    assert differences(whole, copy.deepcopy(whole)) == []
    assert marks(whole, whole) == ({}, {})


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_section_changed_new_and_gone() -> None:
    was = snapshot(sections=[section("funding", "No **new** money"), section("equality", "Fair")])
    now = snapshot(sections=[section("funding", "Some new money"), section("timeline", "By year")])
    assert found(was, now) == [
        ("section", "Funding", "No new money", "Some new money"),
        ("section", "Timeline", "", "Timeline\n\nBy year"),
        ("section", "Equality", "Equality\n\nFair", ""),
    ]


def test_section_that_says_nothing_is_none() -> None:
    assert found(snapshot(sections=[section(body=" ")]), snapshot()) == []


def test_section_shows_only_the_parts_that_differ() -> None:
    easy = [{"picture": "money", "words": "There is no more money."}]
    was = snapshot(sections=[section(easy_read=easy)])
    now = snapshot(sections=[section(easy_read=[{**easy[0], "words": "The money is the same."}])])
    assert found(was, now) == [
        ("section", "Funding", "In easy read:\nThere is no more money.", "In easy read:\nThe money is the same.")
    ]
    renamed = snapshot(sections=[section(heading="Money", easy_read=easy)])
    assert found(was, renamed) == [("section", "Money", "Funding", "Money")]


def test_section_whose_picture_or_marks_alone_changed_shows_them() -> None:
    easy = [{"picture": "money", "words": "There is no more money."}]
    was = snapshot(sections=[section(body="No new money", easy_read=easy)])
    now = snapshot(sections=[section(body="No **new** money", easy_read=[{**easy[0], "picture": "purse"}])])
    assert found(was, now) == [
        (
            "section",
            "Funding",
            "No new money\n\nIn easy read:\nThere is no more money. (money)",
            "No **new** money\n\nIn easy read:\nThere is no more money. (purse)",
        )
    ]


def test_section_shows_each_edition_s_own_figure_and_changes_by_its_words_alone() -> None:
    was = snapshot(sections=[section(body="We have {{ figure.phbs }}")], figures=[figure(text="122")])
    counted_again = snapshot(sections=[section(body="We have {{ figure.phbs }}")], figures=[figure(text="164")])
    assert [each.kind.value for each in differences(was, counted_again)] == ["figure"]
    now = snapshot(sections=[section(body="There are {{ figure.phbs }}")], figures=[figure(text="164")])
    assert found(was, now)[0] == ("section", "Funding", "We have 122", "There are 164")
    later = snapshot(sections=[section(body="There are {{ figure.phbs }}")], figures=[figure(text="170")])
    assert differences(was, now)[0].fingerprint == differences(was, later)[0].fingerprint


def test_snapshot_of_the_first_form_has_no_easy_read_and_does_not_say_what_goes_on() -> None:
    first = snapshot(sections=[section()], timeline=[phase("2016/17", continues_earlier=False)])
    del first["sections"][0]["easy_read"], first["timeline"][0]["continues_earlier"]
    assert found(first, snapshot(sections=[section()], timeline=[phase("2016/17", continues_earlier=False)])) == []


def test_title_changed() -> None:
    assert found(snapshot(), snapshot(title="Another")) == [("section", "Title of the edition", "An offer", "Another")]


# ── Timeline ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_line_changed_new_and_gone() -> None:
    was = snapshot(timeline=[phase("2016/17", line("chc"), line("s117"))])
    now = snapshot(timeline=[phase("2016/17", line("chc", status="live", note="All"), line("wheelchair"))])
    assert found(was, now) == [
        ("line", "CHC, 2016/17", "Planned", "Live. All"),
        ("line", "WHEELCHAIR, 2016/17", "", "Planned"),
        ("line", "S117, 2016/17", "Planned", ""),
    ]
    assert {place: (mark.change, mark.was) for place, mark in marks(was, now)[1].items()} == {
        (0, 0): ("changed", "Planned"),
        (0, 1): ("new", ""),
    }


def test_line_that_is_called_something_else_says_so() -> None:
    was = snapshot(timeline=[phase("2016/17", line())])
    now = snapshot(timeline=[phase("2016/17", line(status_label="On hold"))])
    assert found(was, now) == [("line", "CHC, 2016/17", "Planned", "On hold")]


def test_line_that_moved_is_one_change() -> None:
    was = snapshot(timeline=[phase("2016/17", line("s117")), phase("2017/18")])
    now = snapshot(timeline=[phase("2016/17"), phase("2017/18", line("s117"))])
    assert found(was, now) == [("line", "S117, 2017/18", "Planned, in 2016/17", "Planned, in 2017/18")]


def test_two_lines_of_a_cohort_are_told_apart_by_their_notes() -> None:
    was = snapshot(timeline=[phase("2016/17", line(note="At home"), line(note="In hospital"))])
    now = snapshot(timeline=[phase("2016/17", line(note="In hospital", status="live"), line(note="At home"))])
    assert found(was, now) == [("line", "CHC, 2016/17", "Planned. In hospital", "Live. In hospital")]
    both = snapshot(
        timeline=[phase("2016/17", line(note="In hospital", status="live"), line(status="live", note="At home"))]
    )
    assert len({each.key for each in differences(was, both)}) == 2


def test_phase_renamed_moved_and_dated_anew() -> None:
    dates = {"starts_on": "2016-04-01", "ends_on": "2017-03-31"}
    was = snapshot(timeline=[phase("2016/17", line(), **dates), phase("Later"), phase("Last")])
    now = snapshot(timeline=[phase("Year 1", line(), **dates), phase("Last", timing="in two years"), phase("Later")])
    assert found(was, now) == [
        (
            "phase",
            "Year 1",
            "2016/17; from 1 April 2016 to 31 March 2017",
            "Year 1; from 1 April 2016 to 31 March 2017",
        ),
        ("phase", "Last", "Last", "Last; in two years"),
    ]
    assert marks(was, now)[0][0].was.startswith("2016/17")


def test_phase_that_changed_places_says_so_once() -> None:
    was, now = snapshot(timeline=[phase("A"), phase("B")]), snapshot(timeline=[phase("B"), phase("A")])
    assert found(was, now) == [
        ("phase", "B", "In another place on the timeline", "In this place on the timeline"),
    ]


def test_phase_put_off_takes_its_lines_with_it_without_a_change_of_theirs() -> None:
    was = snapshot(timeline=[phase("Phase 1", line(), line("s117", starts_on="2016-10-01"), starts_on="2016-04-01")])
    now = snapshot(timeline=[phase("Phase 1", line(), line("s117", starts_on="2016-10-01"), starts_on="2016-07-01")])
    assert [each.title for each in differences(was, now)] == ["Phase 1"]
    own = snapshot(
        timeline=[
            phase("Phase 1", line(starts_on="2016-05-01"), line("s117", starts_on="2016-10-01"), starts_on="2016-04-01")
        ]
    )
    assert found(was, own) == [("line", "CHC, Phase 1", "Planned, from 1 April 2016", "Planned, from 1 May 2016")]


def test_phase_that_no_longer_goes_on_says_so() -> None:
    was, now = snapshot(timeline=[phase("P")]), snapshot(timeline=[phase("P", continues_earlier=False)])
    assert found(was, now) == [
        ("phase", "P", "P; with the cohorts of earlier phases", "P; not with the cohorts of earlier phases")
    ]


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_figure_counted_again_to_the_same_is_no_change() -> None:
    assert found(snapshot(figures=[figure()]), snapshot(figures=[figure(as_at="2018-02-07")])) == []


def test_figure_changed_new_gone_and_redefined() -> None:
    was = snapshot(figures=[figure("a"), figure("b"), figure("c")])
    now = snapshot(
        figures=[figure("a", "164", as_at="2018-02-07"), figure("b", definition="Agreed ones too"), figure("d", "*")]
    )
    assert found(was, now) == [
        ("figure", "A", "122 as at 7 February 2017", "164 as at 7 February 2018"),
        ("figure", "B", "122 as at 7 February 2017: Budgets in place", "122 as at 7 February 2017: Agreed ones too"),
        ("figure", "D", "", "* as at 7 February 2017"),
        ("figure", "C", "122 as at 7 February 2017", ""),
    ]
    assert not any(each.needs_reason for each in differences(was, now))


# ── Whatever the editions ─────────────────────────────────────────────────────────────────────────────────────

DAYS = st.sampled_from([None, "2016-04-01", "2017-04-01"])
LINES = st.builds(
    line,
    st.sampled_from(COHORTS),
    status=st.sampled_from(["live", "planned", "scoping"]),
    note=st.sampled_from(["", "At home"]),
    starts_on=DAYS,
)
PHASES = st.lists(
    st.builds(
        lambda name, lines, **changed: phase(name, *lines, **changed),
        st.sampled_from(["2016/17", "2017/18", "Later"]),
        st.lists(LINES, max_size=3, unique_by=lambda each: (each["cohort"], each["note"])),
        starts_on=DAYS,
        timing=st.sampled_from(["", "soon"]),
    ),
    max_size=3,
    unique_by=lambda each: each["name"],
)
SECTIONS = st.lists(
    st.builds(section, st.sampled_from(["funding", "equality"]), st.text("ab *\n-|{}", max_size=8)),
    max_size=2,
    unique_by=lambda each: each["kind"],
)
FIGURES = st.lists(
    st.builds(figure, st.sampled_from(["a", "b"]), st.sampled_from(["1", "*"])),
    max_size=2,
    unique_by=lambda f: f["code"],
)
SNAPSHOTS = st.builds(
    lambda sections, timeline, figures: snapshot(sections=sections, timeline=timeline, figures=figures),
    SECTIONS,
    PHASES,
    FIGURES,
)


def seen(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """A line as readers see it: of what is only scoped they see no day."""
    return sorted((key, value) for key, value in row.items() if key != "starts_on" or row["status"] != "scoping")


def content(each: dict[str, Any]) -> Any:
    """All that a reader could see, without the order of lines in a phase: the naive second way to 'the same'."""
    return (
        sorted((s["kind"], s["heading"], s["body"].strip()) for s in each["sections"] if s["body"].strip()),
        [
            (p["name"], p["starts_on"], p["timing"], sorted(repr(seen(row)) for row in p["lines"]))
            for p in each["timeline"]
        ],
        sorted((f["code"], f["text"]) for f in each["figures"]),
    )


@given(SNAPSHOTS, SNAPSHOTS)
@settings(max_examples=100)
def test_differences_are_none_just_where_the_editions_say_the_same(was: dict[str, Any], now: dict[str, Any]) -> None:
    changes = differences(was, now)
    assert (changes == []) == (content(was) == content(now))
    assert len({(each.kind, each.key) for each in changes}) == len(changes)
    for each in changes:
        assert each.was != each.now, each
        assert each.title


@given(SNAPSHOTS)
def test_differences_from_nothing_are_all_there_is(whole: dict[str, Any]) -> None:
    changes: list[Change] = differences(snapshot(), whole)
    assert all(each.was == "" for each in changes)
    lines = sum(len(each["lines"]) for each in whole["timeline"])
    assert sum(each.kind == "line" for each in changes) == lines
    assert [each.now for each in differences(whole, snapshot())] == [""] * len(changes)


@pytest.mark.parametrize("kind", ["section", "phase", "line"])
def test_only_figures_need_no_reason(kind: str) -> None:
    whole = snapshot(sections=[section()], timeline=[phase("2016/17", line())], figures=[figure()])
    assert {each.kind.value for each in differences(snapshot(), whole) if each.needs_reason} >= {kind}
