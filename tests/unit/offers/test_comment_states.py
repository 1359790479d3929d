"""What may be done to a comment: one table for services, buttons, trigger and diagram."""

import datetime as dt
from pathlib import Path

import pytest

from offers.models import Consultation, ConsultationComment
from offers.presenters.consultations import said_by, standing
from offers.rules import comment_states as states
from offers.rules.comment_states import OPEN_STATUSES, PUBLIC_STATUSES, CommentStatus
from offers.rules.feedback import is_to_be_reviewed, next_review_after

#: Each status, and what may be done in it.
ALLOWED = {
    "received": {"show", "set-aside"},
    "shown": {"answer", "set-aside"},
    "answered": {"answer"},
    "set-aside": {"show"},
}


@pytest.mark.parametrize("status", CommentStatus)
def test_steps_are_the_ones_meant(status: CommentStatus) -> None:
    assert {step.verb for step in states.steps_from(status)} == ALLOWED[status]
    for verb in ("show", "set-aside", "answer", "receive"):
        assert (states.find(verb, status) is not None) == (verb in ALLOWED[status])


def test_what_the_public_reads_and_what_is_settled_overlap_in_answered_only() -> None:
    assert set(PUBLIC_STATUSES) - set(OPEN_STATUSES) == {CommentStatus.ANSWERED}
    assert CommentStatus.SET_ASIDE not in {*PUBLIC_STATUSES, *OPEN_STATUSES}


def test_diagram_in_the_documentation_is_current() -> None:
    document = (Path(__file__).parents[3] / "docs" / "states" / "comment-states.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{states.mermaid()}```" in document


@pytest.mark.parametrize(
    ("day", "is_closed", "takes", "words"),
    [
        (dt.date(2026, 5, 31), False, False, "opens on 1 June 2026"),
        (dt.date(2026, 6, 1), False, True, "until the end of 30 June 2026"),
        (dt.date(2026, 6, 30), False, True, "until the end of 30 June 2026"),
        (dt.date(2026, 7, 1), False, False, "took comments until 30 June 2026"),
        (dt.date(2026, 6, 20), True, False, "was closed on 15 June 2026"),
    ],
)
def test_comments_are_taken_on_its_days_until_somebody_closes_it(
    day: dt.date, is_closed: bool, takes: bool, words: str
) -> None:
    closed_at = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC) if is_closed else None
    consultation = Consultation(opens_on=dt.date(2026, 6, 1), closes_on=dt.date(2026, 6, 30), closed_at=closed_at)
    assert consultation.takes_comments(day) is takes
    assert words in standing(consultation, day)


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ({}, "Somebody who did not say who they are"),
        ({"by_id": 7}, "An invited reader"),
        ({"by_id": 7, "spoken_as": "professional"}, "Somebody who works in health or care"),
        ({"spoken_as": "organisation", "organisation": "Testshire Carers"}, "Testshire Carers"),
    ],
)
def test_public_reads_what_somebody_is_and_never_their_name(comment: dict[str, object], words: str) -> None:
    assert said_by(ConsultationComment(**comment)) == words


def test_review_is_due_a_year_later_and_told_of_a_month_before() -> None:
    due = next_review_after(dt.date(2024, 2, 29))
    assert due == dt.date(2025, 2, 28)
    assert not is_to_be_reviewed(due, dt.date(2025, 1, 28))
    assert is_to_be_reviewed(due, dt.date(2025, 1, 29))
