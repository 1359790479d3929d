"""Figures as files: what a page of figures says, as this reader may see it, by the same address.

Where the page would ask to wait, so does the file: it leads to the page.
"""

from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.list_files import Asked, ListFile, ListRows, list_files
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for
from reporting.asked import equity_asked, figures_asked, lens_asked, variation_asked
from reporting.presenters import FIGURE_COLUMNS, figure_rows, figures_words
from reporting.presenters import equity as equity_words
from reporting.presenters.equity_pages import query_of
from reporting.presenters.variation import files as variation_words
from reporting.selectors.dashboard import cohorts, profile_for
from reporting.selectors.variation import variation_for
from reporting.services.first_showings import FirstShowing, job_to_wait_for
from reporting.services.releases import release_for
from reporting.services.variation import release_variation

READS = (Permission.VIEW_FIGURES, Permission.EXPORT_FIGURES)


def exporting(asked: Asked) -> Commissioner | None:
    """The commissioner that the address names, where the user may export its figures."""
    return commissioner_for(asked.user, Permission.EXPORT_FIGURES, asked.query.get("commissioner", ""))


def page_of_commissioner(name: str) -> Callable[[Mapping[str, str]], str]:
    """The address of a commissioner's page by that of its file, with the same filters."""

    def page(query: Mapping[str, str]) -> str:
        rest = urlencode({key: value for key, value in query.items() if key != "commissioner"})
        if not query.get("commissioner"):
            return reverse("reporting:dashboards")
        return f"{reverse(f'reporting:{name}', args=[query['commissioner']])}?{rest}"

    return page


def figures_list(asked: Asked) -> ListRows | None:
    """Every figure of the dashboard with its definition."""
    if (commissioner := exporting(asked)) is None:
        return None
    form, scope = figures_asked(asked.user, asked.query, commissioner, asked.today)
    if scope is None or job_to_wait_for(asked.user, scope, FirstShowing.FIGURES):
        return None
    release = release_for(asked.user, scope, purpose="figures.csv")
    return ListRows(
        FIGURE_COLUMNS,
        figure_rows(release, cohorts(scope)),
        figures_words(release, commissioner, only=form.only_in_words()),
        {**scope.as_query(), "control": release.profile.code if release.profile else "none"},
        commissioner,
        as_at=scope.as_at,
    )


def equity_list(asked: Asked) -> ListRows | None:
    """Every line of the equity lens."""
    if (commissioner := exporting(asked)) is None:
        return None
    form, scope = equity_asked(asked.user, asked.query, commissioner, asked.today)
    if scope is None:
        return None
    lens = lens_asked(asked.user, scope, form)
    return ListRows(
        equity_words.FILE_COLUMNS,
        list(equity_words.file_lines(lens)),
        equity_words.file_words(lens, profile_for(asked.user, scope), only=form.narrowed_in_words()),
        query_of(lens),
        commissioner,
        as_at=scope.as_at,
    )


def variation_list(asked: Asked) -> ListRows | None:
    """Every point of the charts of variation with its limits."""
    if (commissioner := exporting(asked)) is None:
        return None
    form, scope = variation_asked(asked.user, asked.query, commissioner, asked.today)
    if scope is None or job_to_wait_for(asked.user, scope, FirstShowing.VARIATION):
        return None
    length = form.chosen_months()
    release_variation(asked.user, scope, purpose="variation.csv")
    found = variation_for(asked.user, scope)
    return ListRows(
        variation_words.FILE_COLUMNS,
        list(variation_words.file_rows(found, length)),
        variation_words.file_words(found, length, only=form.only_in_words()),
        {**scope.as_query(), "months": str(length)},
        commissioner,
        as_at=scope.as_at,
    )


def fill() -> None:
    """Declare them."""
    declared: tuple[tuple[str, str, Callable[[Asked], ListRows | None], str], ...] = (
        ("figures", "Uptake of personal health budgets", figures_list, "dashboard"),
        ("equity", "Uptake and outcomes by group", equity_list, "equity"),
        ("variation", "Variation of monthly figures: mean ± 2.66 average moving ranges", variation_list, "variation"),
    )
    for code, title, rows, page in declared:
        list_files.add(ListFile(code, title, READS, rows, page_of_commissioner(page)))
