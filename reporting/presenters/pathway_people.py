"""The lists behind the figures of pathway and quality, and the pages around both."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse

from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from phb_register.presenters import counted, spoken_date, spoken_moment
from phb_register.tables import Column
from reporting import measures as m
from reporting.ledger import Shown
from reporting.pathway_release import PathwayRelease
from reporting.presenters import pathway as words
from reporting.presenters.pages import breadcrumbs
from reporting.presenters.pathway import PathwayLinks, period_words
from reporting.presenters.people import REMOVED
from reporting.rules.pathway import Answer, Kept
from reporting.selectors.pathway import DECIDED, ELIGIBLE, OUTCOMES, PAID, REVIEWS, SAVINGS, Walked
from reporting.selectors.pathway_people import ROWS_OF, PathwayRow
from reporting.selectors.scope import NOT_NARROWED

ANSWERS, WHY_NOT = dict(Answer.choices), dict(WhyNot.choices)
DECISIONS, REFUSALS, KEPT = dict(DecisionOutcome.choices), dict(ReasonCode.choices), dict(Kept.choices)
CHANGES = {Change.BETTER.value: "Better", Change.SAME.value: "The same", Change.WORSE.value: "Worse"}
#: What a list is of, by what is counted.
COUNTED = {
    ELIGIBLE: ("person", "people"),
    DECIDED: ("referral", "referrals"),
    PAID: ("personal health budget", "personal health budgets"),
    REVIEWS: ("review", "reviews"),
    SAVINGS: ("personal health budget", "personal health budgets"),
    OUTCOMES: ("answer", "answers"),
}
#: Where a row leads, by what is counted: to the person, the referral, or the budget.
_ADDRESSES = {ELIGIBLE: "phb_register:person", DECIDED: "eligibility:referral"}


def pathway_page(
    release: PathwayRelease,
    asked: Walked,
    links: PathwayLinks,
    *,
    shown: Shown | None = None,
    only: Sequence[str] = (),
) -> dict[str, Any]:
    """Everything the page's template shows. `shown` says since when it stands, where it is under control; `only` says
    in words what the figures are narrowed to."""
    commissioner = asked.scope.commissioner
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner, asked.scope.as_at),
        "period": period_words(release.figures.period),
        "known": _known_words(asked, shown),
        "only": ". ".join(only),
        "whole_url": _page_url(replace(asked, scope=replace(asked.scope, only=NOT_NARROWED))) if only else "",
        "control": release.profile.explanation if release.profile else "",
        "is_empty": not (release.figures.people_eligible or release.figures.decided or release.figures.reviews_due),
        "tiles": words.tiles(release, links),
        "offers": [words.answers_table(release, links), words.why_not_table(release, links)],
        "offers_chart": words.answers_chart(release, str(commissioner)),
        "decisions": [words.decisions_table(release, links), words.refusals_table(release, links)],
        "days": words.days_table(release, links),
        "reviews": words.reviews_table(release, links),
        "reviews_chart": words.reviews_chart(release, str(commissioner)),
        "saving": words.saving_table(release, links),
        "outcomes": words.outcomes_table(release, links) if release.figures.outcomes else None,
        "definitions": words.definitions_table(),
    }


def _known_words(asked: Walked, shown: Shown | None) -> str:
    if shown is not None and shown.known_at is not None:
        known = spoken_moment(shown.known_at)
        return f"As known on {known}, when they were first shown. Later entries do not change them."
    if asked.scope.known_on is not None:
        return f"As the register knew it at the end of {spoken_date(asked.scope.known_on)}."
    return ""


def pathway_people_page(
    measure: m.Measure, asked: Walked, page: Page[Any], chosen: Iterable[str], *, only: Sequence[str]
) -> dict[str, Any]:
    """What the list says above its table."""
    commissioner = asked.scope.commissioner
    address = _page_url(asked)
    return {
        "commissioner": commissioner,
        "breadcrumbs": [
            *breadcrumbs(commissioner, asked.scope.as_at),
            {"text": "Pathway and quality", "href": address},
        ],
        "heading": ": ".join([measure.label, *chosen]),
        "period": period_words(asked.period),
        "definition": measure.definition,
        "only": ". ".join(only),
        "count": counted(page.paginator.count, *COUNTED[ROWS_OF[measure.code]]),
        "page": page,
        "pathway_url": address,
    }


def _page_url(asked: Walked) -> str:
    return f"{reverse('reporting:pathway', args=[asked.scope.commissioner.code])}?{urlencode(asked.as_query())}"


def columns_behind(rows: str, scales: dict[str, str], *, known_on: dt.date | None = None) -> list[Column[PathwayRow]]:
    """The columns of a list, by what it counts. One as known on a day says what was removed since."""

    def link(row: PathwayRow) -> str | None:
        if row.is_removed:
            return None
        return reverse(_ADDRESSES.get(rows, "budgets:personal-health-budget"), args=[row.record.reference])

    return [
        Column("Person", lambda row: row.person.display_name, link=link),
        Column("NHS number", lambda row: row.person.display_nhs_number),
        *_DETAILS[rows],
        *([Column("Scale", lambda row: scales.get(row.counted["reason"], ""))] if rows == OUTCOMES else []),
        *([Column("Since then", lambda row: REMOVED if row.is_removed else "–")] if known_on else []),
    ]


def _said(words_of: dict[str, str], name: str) -> Any:
    return lambda row: words_of.get(row.counted[name], "")


def _day(name: str) -> Any:
    return lambda row: spoken_date(row.counted[name])


def _number(name: str) -> Any:
    return lambda row: row.counted[name]


def _amount(name: str) -> Any:
    return lambda row: pounds(row.counted[name])


_DETAILS: dict[str, list[Column[PathwayRow]]] = {
    ELIGIBLE: [
        Column("Offer", _said(ANSWERS, "part")),
        Column("Why not", _said(WHY_NOT, "reason")),
        Column("Offered on", _day("offered_on")),
        Column("Answered on", _day("responded_on")),
    ],
    DECIDED: [
        Column("Decision", _said(DECISIONS, "part")),
        Column("Reason", _said(REFUSALS, "reason")),
        Column("Received on", _day("received_on")),
        Column("Decided on", _day("decided_on")),
        Column("Days", _number("days"), is_number=True),
        Column("On time", lambda row: "Yes" if row.counted["is_on_time"] else "No"),
    ],
    PAID: [
        Column("Referral received on", _day("received_on")),
        Column("First paid on", _day("paid_on")),
        Column("Days", _number("days"), is_number=True),
    ],
    REVIEWS: [
        Column("Review", _said(KEPT, "part")),
        Column("Due on", _day("due_on")),
        Column("Held on", _day("held_on")),
    ],
    SAVINGS: [
        Column("Package replaced, a year", _amount("replaced"), is_number=True),
        Column("Budget, a year", _amount("amount"), is_number=True),
    ],
    OUTCOMES: [
        Column("Change", _said(CHANGES, "part")),
        Column("Level before", _number("level_before"), is_number=True),
        Column("Level at the latest review", _number("level_now"), is_number=True),
        Column("Reviewed on", _day("held_on")),
    ],
}
