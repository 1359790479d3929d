"""Referrals in lists, on their page and on the worklists."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from eligibility.enums import ReferralStatus
from eligibility.models.drafts import ReferralDraft
from eligibility.models.referrals import Decision, Referral, ReferralTransition
from eligibility.rules.referral_states import Transition
from phb_register.presenters import counted, spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .answers import Tag
from .clocks import tick_box

STATUS_TAGS: dict[str, str] = {
    ReferralStatus.SUBMITTED: "nhsuk-tag--blue",
    ReferralStatus.ACCEPTED: "nhsuk-tag--green",
    ReferralStatus.DECLINED: "nhsuk-tag--red",
    ReferralStatus.WITHDRAWN: "nhsuk-tag--grey",
}
DONE: dict[str, str] = {
    "submit": "Referral submitted",
    "accept": "Referral accepted",
    "accept_in_part": "Referral accepted in part",
    "decline": "Referral declined",
    "withdraw": "Referral withdrawn",
    "accept_later": "Referral accepted after it was reconsidered",
    "accept_in_part_later": "Referral accepted in part after it was reconsidered",
    "refuse_less": "Less refused after it was reconsidered",
    "reopen": "Referral reopened",
}
# A destructive or final action is never the first button.
BUTTON_VARIANTS: dict[str, str] = {"accept": "", "accept_in_part": "secondary", "decline": "secondary"}


def status_tag(referral: Referral) -> Tag:
    """The tag of a referral's status; while its clock is paused, of that."""
    if referral.is_paused:
        return Tag("Waiting, clock paused", "nhsuk-tag--yellow")
    return Tag(referral.get_status_display(), STATUS_TAGS[referral.status])


def referral_url(referral: Referral) -> str:
    """The referral's own page."""
    return reverse("eligibility:referral", args=[referral.reference])


def due_words(referral: Referral, today: dt.date) -> str:
    """By when a decision is due, and how far off that is; empty once decided."""
    if referral.status != ReferralStatus.SUBMITTED:
        return ""
    if referral.is_paused:
        return f"Paused: ask again on {spoken_date(referral.follow_up_on)}"
    return f"{spoken_date(referral.decision_due_on)} ({distance_words((referral.decision_due_on - today).days)})"


def distance_words(days: int) -> str:
    """How far off something that is due is: ``in 5 days``, ``2 days ago, overdue``."""
    if days == 0:
        return "today"
    return f"in {counted(days, 'day', 'days')}" if days > 0 else f"{counted(-days, 'day', 'days')} ago, overdue"


def referral_columns(today: dt.date) -> list[Column[Referral]]:
    """The columns of the list, the same on the page and in a file."""
    return [
        Column("Person", lambda row: row.person.display_name, link=referral_url),
        Column("Received", lambda row: spoken_date(row.received_on), file_value=lambda row: row.received_on),
        Column("Status", lambda row: row.get_status_display()),
        Column("Decide by", lambda row: due_words(row, today) or "–", file_value=lambda row: row.decision_due_on),
        Column("Allocated to", lambda row: row.allocated_to or "–"),
        Column("Cohort", lambda row: str(row.cohort) if row.cohort else "–"),
        Column("Commissioner", lambda row: row.commissioner.name),
    ]


def file_columns() -> list[Column[Referral]]:
    """The columns of the list in a file: one referral a row, dates plain."""
    return [
        Column("Reference", lambda row: row.reference),
        Column("NHS number", lambda row: row.person.nhs_number or ""),
        Column("Family name", lambda row: row.person.family_name),
        Column("Given name", lambda row: row.person.given_name),
        Column("Date of birth", lambda row: row.person.born_on),
        Column("Commissioner code", lambda row: row.commissioner.code),
        Column("Commissioner", lambda row: row.commissioner.name),
        Column("Received on", lambda row: row.received_on),
        Column("Status", lambda row: row.get_status_display()),
        Column("Cohort", lambda row: row.cohort.code if row.cohort else ""),
        Column("Asks for", lambda row: row.get_asks_for_display()),
        Column("First due on", lambda row: row.clock.first_due_on),
        Column("Due on", lambda row: row.decision_due_on),
        Column("Ask again on", lambda row: row.follow_up_on),
        Column("Acknowledged on", lambda row: row.acknowledged_on),
        Column("Allocated to", lambda row: row.allocated_to or ""),
    ]


def referral_table(
    rows: Iterable[Referral], today: dt.date, caption: str, *, may_be_given: Callable[[Referral], bool]
) -> dict[str, Any]:
    """The parameters of the list's table, with a box to tick beside each referral that may be allocated."""
    columns = referral_columns(today)
    given = {row.pk for row in rows if may_be_given(row)}
    if given:
        columns.append(Column("Allocate", lambda row: tick_box(row) if row.pk in given else "–"))
    return table_params(columns, rows, caption=caption, caption_classes="nhsuk-u-visually-hidden", is_responsive=True)


def person_referrals_table(rows: Iterable[Referral]) -> dict[str, Any]:
    """The parameters of the table of one person's referrals."""
    columns: list[Column[Referral]] = [
        Column("Received", lambda row: spoken_date(row.received_on), link=referral_url),
        Column("Status", lambda row: row.get_status_display()),
        Column("Cohort", lambda row: str(row.cohort) if row.cohort else "–"),
        Column("Commissioner", lambda row: row.commissioner.name),
    ]
    return table_params(
        columns, rows, caption="Referrals of this person", caption_classes="nhsuk-u-visually-hidden", is_responsive=True
    )


def referral_rows(referral: Referral) -> list[dict[str, Any]]:
    """The summary of a referral; its heading has whose it is, and its clock when it is due."""
    rows: list[tuple[str, Any]] = [
        ("NHS number", referral.person.display_nhs_number),
        (
            "Date of birth",
            f"{spoken_date(referral.person.born_on)} (aged {referral.person.age_on(referral.received_on)})",
        ),
        ("Commissioner", referral.commissioner.name),
        ("Received", spoken_date(referral.received_on)),
        ("Referred by", referral.referred_by),
    ]
    if referral.cohort:
        rows.append(("Cohort", referral.cohort.name))
    if referral.asks_for:
        rows.append(("Asks for", referral.get_asks_for_display()))
    if referral.note:
        rows.append(("Note from the referrer", referral.note))
    return summary(rows)


def decision_rows(decision: Decision) -> list[dict[str, Any]]:
    """A decision, with all that a refusal has to carry."""
    rows: list[tuple[str, Any]] = [
        ("Decision", decision.get_outcome_display()),
        ("Decided on", spoken_date(decision.decided_on)),
        ("Decided by", decision.decided_by),
    ]
    if decision.cohort:
        rows.append(("Cohort", decision.cohort.name))
    if decision.refused_part:
        rows.append(("What is refused", decision.refused_part))
    if decision.reason_code:
        rows.append(("Reason", decision.get_reason_code_display()))
    if decision.reasons:
        rows.append(("Reasons in writing" if decision.reason_code else "Note", decision.reasons))
    if decision.direct_payment_reason:
        rows.append(("Direct payment", f"Refused: {decision.get_direct_payment_reason_display()}"))
        rows.append(("Reasons for that in writing", decision.direct_payment_explanation))
    if decision.service_reason:
        rows.append(("Services left out of the plan", decision.refused_services))
        rows.append(("Why they are left out", decision.get_service_reason_display()))
        rows.append(("Reasons for that in writing", decision.service_explanation))
    if decision.reconsideration_route:
        rows.append(("How to ask again", decision.reconsideration_route))
    return summary(rows)


def history(transitions: Iterable[ReferralTransition]) -> list[dict[str, str]]:
    """What happened to a referral, the oldest first."""
    return [
        {
            "what": DONE[each.action],
            "when": spoken_date(each.occurred_on),
            "who": str(each.made_by),
            "recorded": spoken_moment(each.recorded_at),
            "note": each.note,
        }
        for each in transitions
    ]


def action_buttons(referral: Referral, actions: Iterable[Transition]) -> list[dict[str, str]]:
    """What the user may do, as buttons that lead to their pages."""
    return [
        {
            "text": f"{step.label} referral" if step.action != "accept_in_part" else step.label,
            "href": reverse(f"eligibility:{step.action.replace('_', '-')}", args=[referral.reference]),
            "variant": BUTTON_VARIANTS.get(step.action, "secondary"),
        }
        for step in actions
    ]


def draft_item(draft: ReferralDraft) -> WorkItem:
    """An unfinished referral on the home page."""
    return WorkItem(
        text=draft_name(draft),
        url=reverse("eligibility:draft", args=[draft.reference]),
        why=f"Last changed {spoken_moment(draft.updated_at)}. Nobody but you can see it until you submit it",
    )


def draft_name(draft: ReferralDraft) -> str:
    """Whose referral a draft is, as far as is known."""
    if draft.person is not None:
        return draft.person.display_name
    family, given = draft.details.get("family_name"), draft.details.get("given_name")
    return f"{family.upper()}, {given}" if family and given else "Person not described yet"
