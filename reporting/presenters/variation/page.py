"""The page of variation: of each series how it varies, of commissioners how they compare, of years how they grew."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import Column, table_params
from reporting.models import Recalculation
from reporting.presenters.pages import breadcrumbs, dashboard_url
from reporting.rules.variation import last_whole_month
from reporting.selectors.variation import VariationPage

from .funnels import RATE, UPTAKE, funnel_section
from .series import charts, section
from .years import years_section


def variation_page(found: VariationPage, length: int, user: Any, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Everything the page's template shows. `only` says in words what the numbers are narrowed to."""
    commissioner, as_at = found.scope.commissioner, found.scope.as_at
    here = reverse("reporting:variation", args=[commissioner.code])
    drawn = charts(found, length)
    may_set = can(user, Permission.MANAGE_SETTINGS, commissioner)
    return {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner, as_at),
        "up_to": f"{last_whole_month(as_at):%B %Y}",
        "only": ". ".join(only),
        "whole_url": f"{here}?as_at={as_at.isoformat()}" if only else "",
        "control": found.profile.explanation if found.profile else "",
        "sections": [section(series, chart, found) for series, chart in drawn.items()],
        "funnels": [
            funnel_section(found.in_place, found.scope, RATE),
            funnel_section(found.uptake, found.scope, UPTAKE),
        ],
        "years": years_section(found),
        "recalculations_url": reverse("reporting:recalculations", args=[commissioner.code]) if may_set else "",
        "dashboard_url": dashboard_url(commissioner, as_at),
    }


def recalculations_table(rows: Iterable[Recalculation], code: str) -> dict[str, Any]:
    """Every recalculation of a commissioner, each with the link to take it back."""

    def remove(each: Recalculation) -> SafeString:
        return format_html(
            '<a class="nhsuk-link" href="{}">Take back<span class="nhsuk-u-visually-hidden"> {}</span></a>',
            reverse("reporting:remove-recalculation", args=[code, each.pk]),
            each,
        )

    columns: list[Column[Recalculation]] = [
        Column("Chart", lambda each: each.get_series_display()),
        Column("From", lambda each: f"{each.begins_on:%B %Y}"),
        Column("What changed", lambda each: each.reason),
        Column("Recorded", lambda each: f"{spoken_date(each.recorded_at.date())} by {each.recorded_by.full_name}"),
        Column("", remove),
    ]
    return table_params(columns, rows, caption="Limits that are worked out anew")
