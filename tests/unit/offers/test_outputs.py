"""What is written from a snapshot when it is asked for: plain text, CSV, JSON; and the timeline in easy read."""

import csv
import hashlib
import io
import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from offers.presenters.outputs import files, parts
from offers.rules import outputs
from offers.rules.outputs import documents_of
from offers.rules.reading import read
from offers.rules.snapshots import content_hash
from tests.support.snapshots import TITLE, full_snapshot, line, phase


def text_of(snapshot: dict[str, Any]) -> str:
    return files.written(outputs.TEXT, snapshot, content_hash(snapshot)).decode()


def rows_of(snapshot: dict[str, Any], output: outputs.Output) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.written(output, snapshot, "").decode("utf-8-sig"))))


def test_plain_text_says_everything() -> None:
    snapshot = full_snapshot()
    said = text_of(snapshot)
    assert said.startswith(f"{TITLE}\n{'=' * len(TITLE)}\n")
    for words in (
        "Edition 2 of the local offer of Testshire. Approved on 1 March 2017. Published on 20 March 2017.",
        "We have 1,122 budgets for 1,011,000 people.",
        "Adults, 13.8%",
        "Read more (https://example.org/more)",
        "2016/17 (one year later)\n- Adults of the second year: Live, from 1 April 2016. New in this edition.",
        "Changed in this edition, was: Planned from 1 May 2017.",
        "- Adults of the first year: Continues. From earlier years or phases.",
        "- Children: *, as at 7 February 2017. Hidden, as it is from 1 to 4",
        "In place\n- Was: 1,057\n- Is now: 1,122\n- Why: More people asked.",
        "promised Planned from 1 April 2016; reached Live from 1 April 2016. Kept. On time.",
        "Ask early.",
        "There were 1,234 comments.",
        "You said: Say more about money.\nWe did: We did.",
        content_hash(snapshot),
    ):
        assert words in said
    assert "**" not in said
    assert "{{" not in said


def test_plain_text_of_a_first_edition_says_nothing_of_one_before() -> None:
    said = text_of(full_snapshot(since=None, consultation=None))
    assert "since" not in said
    assert "told us" not in said


def test_figures_are_numbers_in_csv_and_empty_where_they_are_hidden() -> None:
    rows = rows_of(full_snapshot(), outputs.FIGURES)
    assert [(each["Figure"], each["As printed"], each["Number"]) for each in rows] == [
        ("In place", "1,122", "1122"),
        ("Population", "1,011,000", "1011000"),
        ("Uptake", "13.8%", "13.8"),
        ("Children", "*", ""),
    ]
    assert {(each["Local offer"], each["Edition"], each["As at"]) for each in rows} == {
        ("Budgets in Testshire", "2", "2017-02-07")
    }


def test_timeline_in_csv_has_every_line_and_what_goes_on() -> None:
    rows = rows_of(full_snapshot(), outputs.TIMELINE)
    assert [(each["Year or phase"], each["Who it is for"], each["Status"], each["From"]) for each in rows] == [
        ("2015/16", "Adults of the first year", "Live", "2015-04-01"),
        ("2015/16", "Adults of the past", "Live", "2015-04-01"),
        ("2016/17", "Adults of the second year", "Live", "2016-04-01"),
        ("2016/17", "Adults of the summer", "Live", "2017-06-01"),
        ("2016/17", "Adults of the plan", "Planned", "2018-04-01"),
        ("2016/17", "Adults of the first year", "Continues", ""),
        ("Later", "Adults of an idea", "Proposed", ""),
        ("Later", "Adults of a study", "Scoping", ""),
    ]
    assert rows[1]["First day no longer offered"] == "2016-04-01"
    assert rows[0]["Source"] == "Paragraph 17"


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    snapshot = full_snapshot(timeline=[phase("=1+1", None, line("x", "live", None, note="@SUM(A1)"))])
    (row,) = rows_of(snapshot, outputs.TIMELINE)
    assert (row["Year or phase"], row["Note"]) == ("'=1+1", "'@SUM(A1)")


def test_json_has_the_fingerprint_of_the_edition() -> None:
    snapshot = full_snapshot()
    written = files.written(outputs.JSON, snapshot, "")
    assert hashlib.sha256(written).hexdigest() == content_hash(snapshot)
    assert json.loads(written) == snapshot


def test_first_format_can_still_be_had_as_everything() -> None:
    """Editions from before easy read, changes and consultations were kept."""
    snapshot = full_snapshot(format=1)
    for key in ("since", "consultation"):
        del snapshot[key]
    for section in snapshot["sections"]:
        del section["easy_read"]
    for each in (each for one in snapshot["timeline"] for each in one["lines"]):
        del each["change"], each["was"]
    assert "We have 1,122 budgets" in text_of(snapshot)
    assert len(rows_of(snapshot, outputs.TIMELINE)) == 8
    assert [each.code for each in documents_of(snapshot)] == ["pdf", "large-print-pdf"]


def test_easy_read_is_made_where_some_of_it_is_written() -> None:
    assert [each.code for each in documents_of(full_snapshot())] == ["pdf", "easy-read-pdf", "large-print-pdf"]


def test_easy_timeline_says_each_cohort_once_by_how_far_it_has_got() -> None:
    groups = parts.easy_timeline(read(full_snapshot()))
    assert [(group.heading, [(each.cohort, each.when) for each in group.lines]) for group in groups] == [
        (
            "You can ask for a budget now",
            [("Adults of the first year", ""), ("Adults of the second year", "")],
        ),
        (
            "We plan to offer budgets later",
            [("Adults of the summer", "from 1 June 2017"), ("Adults of the plan", "from 1 April 2018")],
        ),
        ("We are looking at this", [("Adults of a study", "")]),
        ("We may offer this one day", [("Adults of an idea", "")]),
    ]


def test_easy_timeline_takes_what_is_nearest_to_now() -> None:
    lines = [line("x", "proposed", None), line("x", "live", "2016-04-01"), line("x", "planned", "2018-04-01")]
    (group,) = parts.easy_timeline(read(full_snapshot(timeline=[phase("One", None, *lines)])))
    assert (group.heading, [each.cohort for each in group.lines]) == ("You can ask for a budget now", ["Adults of x"])


_NUMBERS = st.one_of(
    st.integers(0, 10**9).map(lambda number: (f"{number:,}", str(number))),
    st.decimals(0, 100, places=1).map(lambda number: (f"{number}%", str(number))),
    st.just(("*", None)),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(_NUMBERS, min_size=1, max_size=8))
def test_every_output_has_the_same_figures(numbers: list[tuple[str, str | None]]) -> None:
    figures = [
        {
            "code": f"f{n}",
            "label": f"Figure {n}.",
            "text": text,
            "number": number,
            "definition": "x",
            "as_at": "2017-02-07",
        }
        for n, (text, number) in enumerate(numbers)
    ]
    snapshot = full_snapshot(figures=figures)
    of_json = json.loads(files.written(outputs.JSON, snapshot, ""))["figures"]
    rows = rows_of(snapshot, outputs.FIGURES)
    of_text = re.findall(r"^- Figure \d+\.: (.+), as at 7 February 2017\.", text_of(snapshot), re.MULTILINE)
    of_page = [each.text for each in read(snapshot).figures]
    assert of_text == of_page == [each["As printed"] for each in rows] == [each["text"] for each in of_json]
    assert [each["Number"] or None for each in rows] == [each["number"] for each in of_json]
