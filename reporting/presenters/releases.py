"""How releases are said: the log of what was shown to readers who see no people, what was hidden, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from phb_register.disclosure import PROFILES
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting import measures as m
from reporting.models import FigureRelease, ReleasedCell
from reporting.presenters.pages import breadcrumbs
from reporting.presenters.rows import METHOD_LABELS

PARTS = {"uptake": "Figures of the dashboard", "return": "National return"}
EVERYBODY = "Everybody"
_PARTS_OF_RATIOS = ("numerator", "denominator")


def log_url(commissioner: Commissioner) -> str:
    """The address of a commissioner's log."""
    return reverse("reporting:disclosure-log", args=[commissioner.code])


def part_words(part: str) -> str:
    """What a release is of."""
    return PARTS.get(part, part.replace("-", " ").replace("/", ": ").capitalize())


def log_table(releases: Iterable[FigureRelease]) -> dict[str, Any]:
    """Each release with how much of it was hidden."""
    columns: list[Column[Any]] = [
        Column("As at", lambda each: spoken_date(each.as_at), link=_release_url),
        Column("What", lambda each: f"{part_words(each.part)}{_restated(each)}"),
        Column("Fixed", lambda each: spoken_moment(each.known_at)),
        Column("First shown in", lambda each: each.purpose.capitalize()),
        Column("First shown to", _shown_to),
        Column("Hidden", lambda each: f"{each.hidden:,}", is_number=True),
    ]
    return table_params(columns, releases, caption="Figures shown to readers who see no people", is_responsive=True)


def release_page(release: FigureRelease, cells: Iterable[ReleasedCell], cohorts: Mapping[str, str]) -> dict[str, Any]:
    """One release with each of its numbers; `cohorts` are their names by their codes."""
    columns: list[Column[ReleasedCell]] = [
        Column("Number", lambda cell: cell_words(cell.key, cohorts)),
        Column("As at", lambda cell: spoken_date(cell.as_at)),
        Column("Counted", lambda cell: f"{cell.value:,}", is_number=True),
        Column("What readers see", lambda cell: cell.get_state_display()),
    ]
    profile = PROFILES[release.profile]
    return {
        "heading": f"{part_words(release.part)} as at {spoken_date(release.as_at)}",
        "breadcrumbs": [
            *breadcrumbs(release.commissioner),
            {"text": "What was hidden and why", "href": log_url(release.commissioner)},
        ],
        "facts": summary(
            [
                ("Fixed", spoken_moment(release.known_at)),
                ("First shown in", release.purpose.capitalize()),
                ("First shown to", _shown_to(release)),
                ("Disclosure control", f"{profile.label}. {profile.explanation}"),
                ("Release", f"{release.number}"),
                *([("Restated because", release.reason)] if release.reason else []),
                ("Fingerprint", release.content_hash),
            ]
        ),
        "table": table_params(columns, cells, caption="Every number of the release", is_responsive=True),
    }


def cell_words(key: str, cohorts: Mapping[str, str]) -> str:
    """What a number of the ledger counts, in words."""
    code, _, part = key.partition("/")
    measure = m.MEASURES_BY_CODE.get(code)
    if measure is None:
        return key.replace("_", " ").replace("/", ": ").capitalize()
    if part in _PARTS_OF_RATIOS:
        return measure.numerator if part == "numerator" else measure.denominator
    name = cohorts.get(part) or METHOD_LABELS.get(part) or part
    return f"{measure.label}: {name}" if part else measure.label


def _release_url(release: FigureRelease) -> str:
    return reverse("reporting:figure-release", args=[release.commissioner.code, release.pk])


def _restated(release: FigureRelease) -> str:
    return f", restated ({release.number})" if release.number > 1 else ""


def _shown_to(release: FigureRelease) -> str:
    return str(release.shown_to) if release.shown_to else EVERYBODY
