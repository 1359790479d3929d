"""How releases are said: the log of what was shown to readers who see no people, what was hidden, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from phb_register.disclosure import PROFILES
from phb_register.models import Commissioner
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting.models import FigureRelease, ReleasedCell
from reporting.presenters.ledger_words import cell_words, part_words
from reporting.presenters.pages import breadcrumbs
from reporting.selectors.dashboard import cohorts
from reporting.selectors.pathway import scales_answered
from reporting.selectors.scope import Counted

EVERYBODY = "Everybody"


def log_url(commissioner: Commissioner) -> str:
    """The address of a commissioner's log."""
    return reverse("reporting:disclosure-log", args=[commissioner.code])


def names_in(scope: Counted) -> dict[str, str]:
    """What cohorts and outcome scales are called, by what the ledger calls them."""
    return {cohort.code: cohort.name for cohort in cohorts(scope)} | scales_answered()


def log_table(releases: Iterable[FigureRelease], names: Mapping[str, str]) -> dict[str, Any]:
    """Each release with how much of it was hidden; `names` are those of `ledger_words`."""
    columns: list[Column[Any]] = [
        Column("As at", lambda each: spoken_date(each.as_at), link=_release_url),
        Column("What", lambda each: f"{part_words(each.part, names)}{_restated(each)}"),
        Column("Fixed", lambda each: spoken_moment(each.known_at)),
        Column("First shown in", lambda each: each.purpose.capitalize()),
        Column("First shown to", _shown_to),
        Column("Hidden", lambda each: f"{each.hidden:,}", is_number=True),
    ]
    return table_params(columns, releases, caption="Figures shown to readers who see no people", is_responsive=True)


def release_page(release: FigureRelease, cells: Iterable[ReleasedCell], names: Mapping[str, str]) -> dict[str, Any]:
    """One release with each of its numbers; `names` are those of `ledger_words`."""
    columns: list[Column[ReleasedCell]] = [
        Column("Number", lambda cell: cell_words(cell.key, names)),
        Column("As at", lambda cell: spoken_date(cell.as_at)),
        Column("Counted", lambda cell: f"{cell.value:,}", is_number=True),
        Column("What readers see", lambda cell: cell.get_state_display()),
    ]
    profile = PROFILES[release.profile]
    return {
        "heading": f"{part_words(release.part, names)} as at {spoken_date(release.as_at)}",
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


def _release_url(release: FigureRelease) -> str:
    return reverse("reporting:figure-release", args=[release.commissioner.code, release.pk])


def _restated(release: FigureRelease) -> str:
    return f", restated ({release.number})" if release.number > 1 else ""


def _shown_to(release: FigureRelease) -> str:
    return str(release.shown_to) if release.shown_to else EVERYBODY
