"""The dashboard, put together for its template: three answers, the chart, the figures section by section."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from phb_register.models import Commissioner
from phb_register.presenters import spoken_date
from reporting import measures as m
from reporting.presenters import dashboard as words
from reporting.presenters import glance
from reporting.presenters.further import further_pages
from reporting.presenters.pace_chart import pace_chart
from reporting.presenters.pages import dashboard_url
from reporting.presenters.targets import target_provenance, target_words
from reporting.presenters.variation.links import VariationLinks
from reporting.selectors.overview import Overview


@dataclass(frozen=True)
class Section:
    """A part of the page: its tables, beside each other in pairs, what is said of them, and what their words mean."""

    heading: str
    tables: Sequence[dict[str, Any]]
    notes: Sequence[str]
    terms: dict[str, Any]


def dashboard_page(overview: Overview, user: Any, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the template shows. `only` says in words what the figures are narrowed to."""
    found = overview.dashboard
    release, scope = found.release, found.scope
    commissioner, figures = scope.commissioner, release.figures
    links = words.Links(scope, found.may_see_people)
    people = VariationLinks(scope, found.may_see_people)
    agreed = links.figure(release.cell(m.PHBS_AGREED.code), m.PHBS_AGREED)
    return {
        "commissioner": commissioner,
        "as_at": spoken_date(scope.as_at),
        "only": ". ".join(only),
        "whole_url": dashboard_url(commissioner, scope.as_at) if only else "",
        "notice": _notice(commissioner, scope.as_at, has_bodies=bool(scope.ids)),
        "control": words.control_words(release),
        "is_empty": not found.points and not figures.phbs_agreed,
        "course": words.course_tag(release),
        "is_being_made": found.pace.is_being_made,
        "answers": [
            glance.on_course(found.pace),
            glance.where_not(release.by_cohort, found.cohorts, found.statuses, found.pace, overview.members),
            glance.what_next(found.pace, agreed, commissioner.code),
        ],
        "chart": pace_chart(
            found.pace,
            found.points,
            name=str(commissioner),
            low=None if scope.only else figures.target_low,
            high=None if scope.only else figures.target_high,
            far_targets=True,
            people=people.point,
        ),
        "headlines": words.headlines(release, links),
        "target": target_words(release),
        "members": words.members_table(overview.members, people) if overview.members else None,
        "sections": _sections(overview, links),
        "further": further_pages(commissioner, scope.as_query(), user),
        "population": words.population_words(release),
        "target_source": target_provenance(figures.target),
        "definitions": words.definitions(),
    }


def _sections(overview: Overview, links: words.Links) -> list[Section]:
    found = overview.dashboard
    release, policy = found.release, found.scope.policy
    in_place = [
        words.cohort_table(release, found.cohorts, found.statuses, links),
        words.method_table(release, links),
        words.age_table(release, links),
        *([words.funding_table(release, links)] if release.by_funding else []),
    ]
    stock = (m.PHBS_IN_PLACE, m.PEOPLE_IN_PLACE, m.BY_COHORT, m.BY_METHOD, m.ADULTS_IN_PLACE, m.CHILDREN_IN_PLACE)
    over_time = [
        words.measures_table("This quarter and this financial year", words.OVER_TIME, release, links),
        words.measures_table("Counted apart", words.APART, release, links),
    ]
    chc = (m.CHC_UPTAKE_INCLUDING_FAST_TRACK, m.CHC_UPTAKE_EXCLUDING_FAST_TRACK)
    uptake_notes = [
        "Uptake is budgets in place divided by people eligible, times 100. The people eligible are a count entered "
        f"with its source, so no list stands behind them. {words.denominator_words(release)}"
    ]
    return [
        Section(
            "In place, and by whom",
            in_place,
            ["A person with two budgets counts once among people and twice among budgets."],
            words.terms((*stock, m.BY_FUNDING), policy),
        ),
        Section("Begun, ended and counted", over_time, [], words.terms((*words.OVER_TIME, *words.APART), policy)),
        Section(
            "Among the people eligible", [words.uptake_table(release, links)], uptake_notes, words.terms(chc, policy)
        ),
    ]


def _notice(commissioner: Commissioner, as_at: dt.date, *, has_bodies: bool) -> str:
    """Why a commissioner counts nobody on a date, and what to do."""
    if has_bodies:
        return ""
    if commissioner.closed_on and commissioner.closed_on < as_at:
        return (
            f"{commissioner} closed on {spoken_date(commissioner.closed_on)}. Since then its people are counted by the "
            "commissioner that took over. Choose a date up to then, or the dashboard of that commissioner."
        )
    if commissioner.opened_on > as_at:
        return f"{commissioner} opened on {spoken_date(commissioner.opened_on)}. Choose a date from then on."
    return f"{commissioner} had no members on {spoken_date(as_at)}. Choose another date."
