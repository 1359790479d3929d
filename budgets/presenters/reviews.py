"""How reviews are said: the pages of one budget's reviews, the list of all, worklists."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.models import PersonalHealthBudget, Review, ReviewDraft, ReviewDue, ReviewRequest
from budgets.rules.reviews import MUST_REVIEW, QUESTIONS, ReviewOutcome, TookPart, is_overdue
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .sections import SECTIONS

#: Of captions that a heading stands above already.
HIDDEN = "nhsuk-u-visually-hidden"
YES_OR_NO = {True: "Yes", False: "No"}
#: Where each outcome is carried out: the words, and the section of the budget's pages (the end has a page of its own).
_NEXT_STEPS: dict[str, tuple[str, str]] = {
    ReviewOutcome.CHANGE_PLAN: ("Change the support plan", "plan"),
    ReviewOutcome.CHANGE_AMOUNT: ("Propose another amount", "proposals"),
    ReviewOutcome.STOP_DIRECT_PAYMENT: ("Stop the direct payment", "arrangements"),
}


def reviews_url(phb: PersonalHealthBudget) -> str:
    """The page of a budget's reviews."""
    return reverse("budgets:budget-reviews", args=[phb.reference])


def review_url(review: Review) -> str:
    """The page of one review."""
    return reverse("budgets:review", args=[review.phb.reference, review.number])


def write_url(phb: PersonalHealthBudget) -> str:
    """Where a review is written."""
    return reverse("budgets:write-review", args=[phb.reference])


def due_tag(due_on: dt.date | None, today: dt.date) -> SafeString | str:
    """Whether a review is overdue, as a tag."""
    if due_on is None:
        return ""
    if is_overdue(due_on, today):
        return render_component("tag", {"text": "Overdue", "classes": "nhsuk-tag--red"})
    if due_on <= today + dt.timedelta(weeks=8):
        return render_component("tag", {"text": "Due soon", "classes": "nhsuk-tag--yellow"})
    return render_component("tag", {"text": "To come", "classes": "nhsuk-tag--grey"})


def due_rows(due: ReviewDue, draft: ReviewDraft | None) -> list[dict[str, Any]]:
    """When the next review is due, and why then."""
    rows: list[tuple[str, Any]] = [("Next review due", _due_words(due)), ("Counted from", _counted_from(due))]
    if draft is not None and draft.planned_for:
        rows.append(("Planned for", spoken_date(draft.planned_for)))
    if draft is not None and draft.typed:
        rows.append(("Being written", f"Last saved by {draft.saved_by}, {spoken_moment(draft.saved_at)}"))
    return summary(rows)


def _due_words(due: ReviewDue) -> str:
    if due.ended_on is not None:
        return f"None. The budget ended on {spoken_date(due.ended_on)}"
    return spoken_date(due.due_on) if due.due_on else "Three months after the first payment"


def _counted_from(due: ReviewDue) -> str:
    if due.started_on is None:
        return "The budget has not started"
    begins = due.first_paid_on or due.started_on
    if due.last_held_on is not None and due.last_held_on >= (due.first_direct_on or begins):
        return f"The last review, {spoken_date(due.last_held_on)}: twelve months"
    if due.first_direct_on is not None:
        return f"The first direct payment, {spoken_date(due.first_direct_on)}: three months"
    if due.last_held_on is None and due.recorded_from is not None and due.recorded_from > begins:
        return (
            f"Yearly, from its {'first payment' if due.first_paid_on else 'start'} on {spoken_date(begins)}. Reviews "
            f"before {spoken_date(due.recorded_from)} were recorded elsewhere and are taken to have been on time"
        )
    what = "first payment" if due.first_paid_on else "start, as no payment is recorded"
    return f"The {what}, {spoken_date(begins)}: three months"


def buttons(phb: PersonalHealthBudget, draft: ReviewDraft | None, *, may_review: bool) -> list[dict[str, str]]:
    """What can be done about reviews of a budget."""
    if not may_review:
        return []
    at = phb.reference
    is_writing = draft is not None and bool(draft.typed)
    found = []
    if phb.started_on is not None:
        found.append({"text": "Go on writing the review" if is_writing else "Write a review", "href": write_url(phb)})
        found.append(
            {"text": "Plan the review", "href": reverse("budgets:plan-review", args=[at]), "variant": "secondary"}
        )
    if is_writing:
        href = reverse("budgets:discard-review", args=[at])
        found.append({"text": "Delete what is written", "href": href, "variant": "secondary"})
    return found


REVIEW_COLUMNS: list[Column[Review]] = [
    Column("Review", lambda review: f"{review.number}. {review.get_kind_display()}", link=review_url),
    Column("Held on", lambda review: spoken_date(review.held_on)),
    Column("Was due by", lambda review: spoken_date(review.due_on)),
    Column("Held by", lambda review: review.held_by),
    Column("What follows", lambda review: outcome_words(review)),
    Column("Next due", lambda review: spoken_date(review.next_due_on)),
    Column("Corrected", lambda review: corrected_words(review)),
]


def reviews_table(reviews: Iterable[Review]) -> dict[str, Any]:
    """A budget's reviews, the latest first."""
    return table_params(REVIEW_COLUMNS, reviews, caption="Reviews held", caption_classes=HIDDEN, is_responsive=True)


def outcome_words(review: Review) -> str:
    """What follows from a review."""
    return "; ".join(str(ReviewOutcome(each).label) for each in review.outcomes)


def corrected_words(review: Review) -> str:
    """Whether a further review corrects it, or it corrects an earlier one."""
    correction = getattr(review, "correction", None)
    if correction is not None:
        return f"By review {correction.number}"
    return f"Corrects review {review.corrects.number}" if review.corrects else ""


def review_rows(review: Review) -> list[dict[str, Any]]:
    """Who held a review, when and how, and when the next is due."""
    part = ", ".join(str(TookPart(each).label) for each in review.took_part)
    rows: list[tuple[str, Any]] = [
        ("Review", review.get_kind_display()),
        *([("Why then", review.get_reason_display())] if review.reason else []),
        ("Was due by", spoken_date(review.due_on)),
        *([("Planned for", spoken_date(review.planned_for))] if review.planned_for else []),
        ("Held on", f"{spoken_date(review.held_on)}, {review.get_way_display().lower()}"),
        ("Held by", review.held_by),
        ("Took part", f"{part}. {review.took_part_words}" if review.took_part_words else part),
        ("What follows", outcome_words(review)),
        ("Notes", review.notes or "None"),
        ("Next review due", spoken_date(review.next_due_on)),
        ("Recorded by", f"{review.completed_by}, {spoken_moment(review.recorded_at)}"),
    ]
    return summary(rows)


def answer_rows(review: Review) -> list[dict[str, Any]]:
    """The four questions and their answers."""
    return summary(
        (
            question.text,
            ". ".join(
                part
                for part in (YES_OR_NO[getattr(review, question.name)], getattr(review, f"{question.name}_follows"))
                if part
            ),
        )
        for question in QUESTIONS
    )


def next_steps(review: Review) -> list[dict[str, str]]:
    """Where what follows is carried out."""
    phb = review.phb
    sections = {section.code: section for section in SECTIONS}
    found = []
    for outcome in review.outcomes:
        text, code = _NEXT_STEPS.get(outcome, ("", ""))
        if code in sections:
            reference = phb.referral.reference if sections[code].is_planning else phb.reference
            found.append({"text": text, "href": reverse(sections[code].url_name, args=[reference])})
        elif outcome == ReviewOutcome.END and phb.ended_on is None:
            found.append({"text": "End the budget", "href": reverse("budgets:end", args=[phb.reference])})
    return found


def request_rows(requests: Iterable[ReviewRequest], *, may_review: bool) -> list[dict[str, Any]]:
    """What asks for a review and waits."""
    return [
        {
            "title": request.get_reason_display(),
            "must": request.reason in MUST_REVIEW,
            "text": request.note,
            "who": f"Asked for by {request.asked_by} on {spoken_date(request.asked_on)}",
            "url": ""
            if request.reason in MUST_REVIEW or not may_review
            else reverse("budgets:set-aside-review-request", args=[request.phb.reference, request.reference]),
        }
        for request in requests
    ]


# ── All reviews ───────────────────────────────────────────────────────────────────────────────────────────────


def list_columns(today: dt.date) -> list[Column[ReviewDue]]:
    """The columns of the list of reviews to come, and of its file."""
    return [
        Column("Person", lambda due: due.phb.person.display_name, link=lambda due: reviews_url(due.phb)),
        Column("Cohort", lambda due: due.phb.cohort.name),
        Column("Due by", lambda due: spoken_date(due.due_on), file_value=lambda due: due.due_on),
        Column(
            "State",
            lambda due: due_tag(due.due_on, today),
            file_value=lambda due: "Overdue" if is_overdue(due.due_on, today) else "To come",
        ),
        Column(
            "Last review",
            lambda due: spoken_date(due.last_held_on) if due.last_held_on else "None recorded",
            file_value=lambda due: due.last_held_on,
        ),
        Column(
            "Planned for",
            lambda due: spoken_date(planned_for(due)) if planned_for(due) else "",
            file_value=planned_for,
        ),
    ]


def file_columns(today: dt.date) -> list[Column[ReviewDue]]:
    """The file has what finds a person again in another system, too."""
    return [
        Column("NHS number", lambda due: due.phb.person.nhs_number),
        Column("Commissioner", lambda due: due.phb.commissioner.code),
        *list_columns(today),
        Column("First payment", lambda due: due.first_paid_on),
    ]


def planned_for(due: ReviewDue) -> dt.date | None:
    """The day the next review is planned for."""
    draft: ReviewDraft | None = getattr(due.phb, "review_draft", None)
    return draft.planned_for if draft else None


def due_item(due: ReviewDue, today: dt.date) -> WorkItem:
    """A review to hold, on the home page."""
    if due.last_held_on:
        why = f"Last reviewed on {spoken_date(due.last_held_on)}"
    elif due.first_paid_on:
        why = f"No review yet; first paid on {spoken_date(due.first_paid_on)}"
    else:
        why = f"No review recorded; it started on {spoken_date(due.started_on)}"
    planned = planned_for(due)
    return WorkItem(
        text=f"{due.phb.person}: {due.phb.cohort}",
        url=reviews_url(due.phb),
        why=f"{why}. Planned for {spoken_date(planned)}" if planned else why,
        due_on=due.due_on,
    )


def request_item(request: ReviewRequest) -> WorkItem:
    """A request for a review, on the home page."""
    must = "It must be reviewed" if request.reason in MUST_REVIEW else "Review it, or set the request aside"
    return WorkItem(
        text=f"{request.phb.person}: {request.phb.cohort}",
        url=reviews_url(request.phb),
        why=f"{request.get_reason_display()}, recorded on {spoken_date(request.asked_on)}. {must}",
    )
