"""Reconsiderations: their page, their place on a referral's page, and on the worklists."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from eligibility.enums import LetterKind, ReconsiderationOutcome, ReconsiderationStatus, RefusalKind
from eligibility.models.reconsiderations import Reconsideration, ReconsiderationTransition
from eligibility.models.referrals import Decision, Referral
from eligibility.rules.reconsideration_states import ReconsiderationStep
from phb_register.models import User
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import TimelineEvent, WorkItem
from phb_register.tables import Column, table_params

from .answers import Tag
from .referrals import decision_rows, distance_words

STATUS_TAGS: dict[str, str] = {
    ReconsiderationStatus.REQUESTED: "nhsuk-tag--blue",
    ReconsiderationStatus.DECIDED: "nhsuk-tag--yellow",
    ReconsiderationStatus.NOTIFIED: "nhsuk-tag--green",
    ReconsiderationStatus.WITHDRAWN: "nhsuk-tag--grey",
}
DONE: dict[str, str] = {
    "request": "Asked for",
    "decide": "Decided",
    "give_notice": "Notice given",
    "withdraw": "Withdrawn",
}
OUTCOME_WORDS: dict[str, str] = {
    ReconsiderationOutcome.UPHELD: "Upheld",
    ReconsiderationOutcome.CHANGED: "Changed",
    ReconsiderationOutcome.CHANGED_IN_PART: "Changed in part",
}


def reconsideration_url(reconsideration: Reconsideration) -> str:
    """Its own page."""
    return reverse("eligibility:reconsideration", args=[reconsideration.reference])


def letter_url(reconsideration: Reconsideration) -> str:
    """Where the letter about the outcome is written."""
    referral = reconsideration.decision.referral
    return f"{reverse('eligibility:write-letter', args=[referral.reference])}?kind={LetterKind.RECONSIDERATION_OUTCOME}"


def reconsideration_tag(reconsideration: Reconsideration) -> Tag:
    """The tag of its status."""
    return Tag(reconsideration.get_status_display(), STATUS_TAGS[reconsideration.status])


def asked_by_words(reconsideration: Reconsideration) -> str:
    """Who asked."""
    if reconsideration.representative is None:
        return reconsideration.get_asked_by_display()
    return f"{reconsideration.representative.name}, {reconsideration.representative.relationship.lower()}"


def reconsideration_rows(reconsideration: Reconsideration, today: dt.date) -> list[dict[str, Any]]:
    """What was asked, and what became of it."""
    is_waiting = reconsideration.status == ReconsiderationStatus.REQUESTED
    due = spoken_date(reconsideration.due_on)
    rows: list[tuple[str, Any]] = [
        ("What was refused", refusal_words(reconsideration.decision, reconsideration.refusal)),
        ("Decided first by", reconsideration.decision.decided_by),
        ("Asked on", spoken_date(reconsideration.requested_on)),
        ("Asked by", asked_by_words(reconsideration)),
        ("Why they think it is wrong", reconsideration.statement),
        ("Anything new", reconsideration.new_information or "Nothing"),
        (
            "Decide by",
            f"{due} ({distance_words((reconsideration.due_on - today).days)})" if is_waiting else due,
        ),
    ]
    if reconsideration.outcome:
        rows += [
            ("Outcome", reconsideration.get_outcome_display()),
            ("Reasons in writing", reconsideration.reasons),
            ("Decided on", spoken_date(reconsideration.decided_on)),
            ("Decided by", reconsideration.decided_by),
            (
                "Notice given on",
                spoken_date(reconsideration.notice_given_on) if reconsideration.notice_given_on else "Not given yet",
            ),
        ]
    return summary(rows)


def refusal_words(decision: Decision, refusal: str) -> str:
    """What a decision refused, in a few words."""
    kind = RefusalKind(refusal)
    detail = {RefusalKind.PART: decision.refused_part, RefusalKind.SERVICE: decision.refused_services}.get(kind, "")
    return f"{kind.label}: {detail}" if detail else str(kind.label)


def reconsiderations_table(rows: Iterable[Reconsideration]) -> dict[str, Any]:
    """The parameters of the table on a referral's page."""
    columns: list[Column[Reconsideration]] = [
        Column("Asked on", lambda row: spoken_date(row.requested_on), link=reconsideration_url),
        Column("Of what", lambda row: row.get_refusal_display()),
        Column("Status", lambda row: row.get_status_display()),
        Column("Outcome", lambda row: OUTCOME_WORDS.get(row.outcome, "–")),
    ]
    return table_params(columns, rows, caption="Reconsiderations of this referral", is_responsive=True)


def again_section(
    referral: Referral, decisions: list[Decision], rows: list[Reconsideration], *, may_ask: bool
) -> dict[str, Any]:
    """Beneath the decision on a referral's page: the decisions before it, and what was looked at again."""
    return {
        "earlier": [
            {"title": f"Decision of {spoken_date(each.decided_on)}, before it was reconsidered", "rows": words}
            for each in decisions[1:]
            for words in [decision_rows(each)]
        ],
        "table": reconsiderations_table(rows) if rows else None,
        "request_url": reverse("eligibility:request-reconsideration", args=[referral.reference]) if may_ask else None,
    }


def step_buttons(reconsideration: Reconsideration, steps: Iterable[ReconsiderationStep]) -> list[dict[str, str]]:
    """What the user may do, as buttons that lead to their pages."""
    return [
        {
            "text": step.label,
            "href": reverse(f"eligibility:{step.action.replace('_', '-')}-reconsideration", args=[reference]),
            "variant": "secondary" if step.action == "withdraw" else "",
        }
        for reference in [reconsideration.reference]
        for step in steps
    ]


def reconsideration_history(transitions: Iterable[ReconsiderationTransition]) -> list[dict[str, str]]:
    """What happened to it, the oldest first."""
    return [
        {
            "what": DONE[each.action],
            "when": spoken_date(each.occurred_on),
            "who": str(each.made_by),
            "recorded": spoken_moment(each.recorded_at),
        }
        for each in transitions
    ]


def reconsideration_item(reconsideration: Reconsideration, user: User, today: dt.date) -> WorkItem:
    """A reconsideration to decide, on the home page. Whoever decided first is told that it is for a colleague."""
    kind = reconsideration.get_refusal_display().lower()
    is_own = reconsideration.decision.decided_by_id == user.pk
    whose = "You made the decision, so a colleague must look at it again" if is_own else "Nobody has decided it yet"
    days = (reconsideration.due_on - today).days
    return WorkItem(
        text=f"Look again at the refusal for {reconsideration.decision.referral.person.display_name}: {kind}",
        url=reconsideration_url(reconsideration),
        why=f"Asked for on {spoken_date(reconsideration.requested_on)}. {whose}; due {distance_words(days)}",
        due_on=reconsideration.due_on,
    )


def notice_item(reconsideration: Reconsideration) -> WorkItem:
    """A reconsideration whose outcome nobody was told yet, on the home page."""
    return WorkItem(
        text=f"Tell {reconsideration.decision.referral.person.display_name} the outcome of the reconsideration",
        url=reconsideration_url(reconsideration),
        why=f"Decided on {spoken_date(reconsideration.decided_on)}, and no notice in writing is recorded",
    )


def reconsideration_events(rows: Iterable[Reconsideration]) -> list[TimelineEvent]:
    """What happened to a person's reconsiderations, for their timeline."""
    events: list[TimelineEvent] = []
    for each in rows:
        url = reconsideration_url(each)
        words = refusal_words(each.decision, each.refusal)
        about = each.decision.referral
        events.append(
            TimelineEvent(
                on=each.requested_on,
                title="Reconsideration asked for",
                text=words,
                by=str(each.recorded_by),
                url=url,
                recorded_at=each.recorded_at,
                about=about,
            )
        )
        if each.decided_on is not None:
            title = f"Reconsideration decided: {OUTCOME_WORDS[each.outcome].lower()}"
            decided = TimelineEvent(each.decided_on, title, words, by=str(each.decided_by), url=url, about=about)
            events.append(decided)
        if each.notice_given_on is not None:
            events.append(
                TimelineEvent(each.notice_given_on, "Notice of the outcome given", words, url=url, about=about)
            )
    return events
