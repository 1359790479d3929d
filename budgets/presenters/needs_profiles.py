"""Needs profiles: the levels as a table, what they suggest, and where that stands."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.models import NeedsProfile, NeedsProfileLevel, NeedsTool
from budgets.rules.needs_profiles import NeedsLevel, suggested_by
from eligibility.models import Referral
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params

NOT_VERIFIED = "Nobody has checked this against the source yet"


def needs_url(referral: Referral) -> str:
    """The needs of a referral."""
    return reverse("budgets:needs", args=[referral.reference])


def record_url(referral: Referral, tool: NeedsTool | None = None) -> str:
    """Where needs are recorded, with a tool where one is said."""
    url = reverse("budgets:record-needs", args=[referral.reference])
    return f"{url}?tool={tool.code}" if tool else url


def profile_view(profile: NeedsProfile) -> dict[str, Any]:
    """One profile: who assessed, the levels, and what they suggest."""
    suggestion = suggested_by(profile.levels_by_domain(), profile.tool.as_suggestions())
    return {
        "title": f"Needs profile {profile.number}, assessed on {spoken_date(profile.assessed_on)}",
        "rows": summary(
            [
                ("Tool", profile.tool),
                ("Assessed on", spoken_date(profile.assessed_on)),
                ("Assessed by", profile.assessed_by),
                ("Recorded", f"{spoken_moment(profile.recorded_at)} by {profile.recorded_by}"),
                ("Note", profile.note or "None"),
            ]
        ),
        "table": table_params(
            _LEVEL_COLUMNS, profile.levels.all(), caption=f"Levels, needs profile {profile.number}", is_responsive=True
        ),
        "suggestion": suggestion.text if suggestion else "The levels alone suggest no eligibility",
        "suggestion_source": suggestion.source if suggestion else profile.tool.source,
        "verified": f"Checked against the source by {profile.tool.verified_by}"
        if profile.tool.verified_by
        else NOT_VERIFIED,
    }


_LEVEL_COLUMNS: list[Column[NeedsProfileLevel]] = [
    Column("Domain", lambda each: each.domain.name),
    Column("Level", lambda each: each.get_level_display()),
    Column("Highest level there is", lambda each: NeedsLevel(each.domain.levels[-1]).label),
]


def tools_choice(referral: Referral, tools: Iterable[NeedsTool], current: NeedsTool) -> list[dict[str, str]]:
    """The other versions of the tool, for an assessment of another day or age."""
    return [
        {"text": f"{tool} ({_days(tool)})", "href": record_url(referral, tool)} for tool in tools if tool != current
    ]


def _days(tool: NeedsTool) -> str:
    until = f" to {spoken_date(tool.applies_to)}" if tool.applies_to else ""
    return f"from {spoken_date(tool.applies_from)}{until}"


def tool_view(tool: NeedsTool) -> dict[str, Any]:
    """What one version of the tool holds, with the source of each fact."""
    columns: list[Column[Any]] = [
        Column("Domain", lambda each: each.name),
        Column("Levels", lambda each: ", ".join(NeedsLevel(level).label for level in each.levels)),
        Column("Source", lambda each: each.source),
        Column("Checked by", lambda each: each.verified_by or "Nobody yet"),
    ]
    return {
        "title": f"{tool}, {_days(tool)}",
        "source": tool.source,
        "verified": f"Checked against the source by {tool.verified_by}" if tool.verified_by else NOT_VERIFIED,
        "table": table_params(columns, tool.domains.all(), caption=f"Domains: {tool}", is_responsive=True),
        "suggestions": [{"text": each.text, "source": each.source} for each in tool.as_suggestions()],
    }
