"""Money of the financial year of the as-at date, under the same control as on the page of money."""

from collections.abc import Iterable
from typing import Any

from budgets.presenters import money as said
from budgets.presenters.money import Shown
from budgets.selectors.money import Period, cohorts_in, glance_of
from phb_register.dates import financial_year
from phb_register.tables import Column
from reporting import board_packs as words
from reporting.board_packs import Block
from reporting.selectors.pack_content.sources import Sources


def money_blocks(sources: Sources) -> list[Block]:
    """The year's money at a glance, by cohort and method, and what was saved."""
    period = Period(financial_year(sources.as_at), sources.as_at)
    glance = glance_of(sources.commissioner, period)
    cohorts = cohorts_in(glance)
    if not cohorts:
        return [words.text("No personal health budget was in place in this financial year, and nothing was paid.")]
    shown = Shown.of(glance, cohorts, cohort=None, method="", is_nhs=False, may_see_all=False)
    tiles = ((tile["label"], tile["value"], tile["definition"]) for tile in said.tiles(shown))
    return [
        words.text(f"Financial year {said.period_words(period)}. Pounds of all funders together."),
        words.figures(tiles),
        _table("Money by cohort, in pounds", said.money_columns("Cohort", has_budgets=True), shown.by_cohort()),
        _table("Money by method, in pounds", said.money_columns("Method", has_budgets=False), shown.by_method()),
        _table("Saving against the packages replaced", said.SAVING_COLUMNS, shown.savings()),
    ]


def _table(caption: str, columns: list[Column[Any]], rows: Iterable[Any]) -> Block:
    numeric = [place for place, column in enumerate(columns) if column.is_number]
    cells = [[str(column.value(row)) for column in columns] for row in rows]
    return words.table(caption, [column.label for column in columns], cells, numeric=numeric)
