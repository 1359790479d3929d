"""The page of the pace, put together for its template."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from phb_register.models import Commissioner
from phb_register.presenters import spoken_date, summary
from phb_register.roles import Permission
from phb_register.scope import can
from reporting.presenters import pace as words
from reporting.presenters.dashboard import control_words
from reporting.presenters.pace_chart import pace_chart
from reporting.presenters.pages import breadcrumbs, dashboard_url
from reporting.presenters.variation.links import VariationLinks
from reporting.rules.pace import Verdict
from reporting.selectors.dashboard import Dashboard

TERMS = (
    ("Target", "What a commissioner wants to reach in the end: rates for every 1,000 people, or numbers of budgets."),
    ("Trajectory", "How many budgets are planned to be in place at the end of each quarter on the way there."),
    ("Run rate", "By how many a month the number in place grew, over the last 12 ends of months."),
    (
        "Needed a month",
        "What is missing, divided by the months left, rounded up. A begun month counts as one.",
    ),
    (
        "Starts a month",
        "The same with as many again as end each month at present: what ends has to be made up for.",
    ),
    (
        "Forecast",
        "What is expected if the line goes on as it did: a level that moves by a trend, both of which may drift "
        "(local linear trend, fitted by statsmodels). The range holds nine of ten times.",
    ),
    (
        "How it stands",
        "On course: even the lower end of the range reaches the number. Off course: not even the upper end does. "
        "Not sure: the number lies in the range.",
    ),
)


def pace_page(found: Dashboard, user: Any, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the template shows. `only` says in words what the figures are narrowed to."""
    release, pace, commissioner, as_at = found.release, found.pace, found.scope.commissioner, found.scope.as_at
    names = words.cohort_names(found.cohorts)
    figures = release.figures
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner, as_at),
        "as_at": spoken_date(as_at),
        "only": ". ".join(only),
        "control": control_words(release),
        "tag": words.verdict_tag(pace.main.verdict if pace.main else Verdict.NOT_KNOWN),
        "course": words.course_words(pace),
        "next": words.next_words(pace),
        "is_being_made": pace.is_being_made,
        "chart": pace_chart(
            pace,
            found.points,
            name=str(commissioner),
            low=None if pace.is_part else figures.target_low,
            high=None if pace.is_part else figures.target_high,
            far_targets=False,
            people=VariationLinks(found.scope, found.may_see_people).point,
        ),
        "outlooks": words.outlook_table(pace),
        "forecast_words": words.forecast_words(pace),
        "forecast": words.forecast_table(pace),
        "past": words.past_table(pace),
        "reach_words": words.reach_words(pace, names),
        "reach": words.reach_table(pace.reach, names) if pace.reach and pace.reach.rooms else None,
        "cap_on_all": pace.reach.cap_on_all if pace.reach else None,
        "elsewhere": pace.reach.elsewhere if pace.reach else 0,
        "terms": {"rows": summary(TERMS)},
        "settings_links": _settings_links(commissioner, user),
        "dashboard_url": dashboard_url(commissioner, as_at),
    }


def _settings_links(commissioner: Commissioner, user: Any) -> list[dict[str, str]]:
    if not can(user, Permission.MANAGE_SETTINGS, commissioner):
        return []
    return [
        {
            "text": "See or change the trajectories",
            "href": reverse("reporting:trajectories", args=[commissioner.code]),
        },
        {"text": "See or change the targets", "href": reverse("reporting:targets", args=[commissioner.code])},
    ]
