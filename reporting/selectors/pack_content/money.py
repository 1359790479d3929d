"""Money of the financial year of the as-at date, each figure controlled for itself."""

from collections.abc import Sequence
from dataclasses import replace

from budgets.enums import Method
from budgets.presenters import money as said
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules import money as m
from budgets.rules.money import Money, Saving
from budgets.rules.money_control import hidden_by_figure, hidden_savings
from budgets.selectors.money import METHODS, Glance, Period, cohorts_in, glance_of
from offers.models import Cohort
from phb_register.dates import financial_year
from phb_register.disclosure import STAR
from phb_register.selectors.settings import profile_of
from reporting import board_packs as words
from reporting.board_packs import Block
from reporting.selectors.pack_content.sources import Sources

COLUMNS = said.ON_THE_PAGE
TILES = (m.BUDGET, m.COMMITTED, m.PAID, m.FORECAST, m.VARIANCE)
ALL = "total"


def money_blocks(sources: Sources) -> list[Block]:
    """The year's money at a glance, by cohort and method, and what was saved."""
    period = Period(financial_year(sources.as_at), sources.as_at)
    glance = glance_of(sources.commissioner, period)
    cohorts = cohorts_in(glance)
    if not cohorts:
        return [words.text("No personal health budget was in place in this financial year, and nothing was paid.")]
    money = _Controlled(glance, cohorts)
    saving = money.saving(ALL)
    tiles = [(each.label, money.text(each, ALL, ALL), each.definition) for each in TILES]
    tiles.append((m.SAVING.label, STAR if saving is None else pounds(saving.amount), m.SAVING.definition))
    return [
        words.text(f"Financial year {said.period_words(period)}. Pounds of all funders together."),
        words.figures(tiles),
        money.table("cohort", [(each.name, each.code, ALL) for each in cohorts]),
        money.table("method", [(str(label), ALL, code) for code, label in Method.choices]),
        money.savings_table(),
    ]


class _Controlled:
    """A glance, and what of it may be shown to everybody."""

    def __init__(self, glance: Glance, cohorts: Sequence[Cohort]) -> None:
        profile = self.profile = profile_of(glance.commissioner)
        self.glance = glance
        self.cohorts = {cohort.code: cohort for cohort in cohorts}
        codes = {cohort.pk: code for code, cohort in self.cohorts.items()}
        counts = {(codes[pk], method): cell.behind for (pk, method), cell in glance.cells.items()}
        self.hidden = hidden_by_figure(counts, sorted(self.cohorts), METHODS, profile=profile)
        self.savings = {codes[pk]: saving for pk, saving in glance.savings.items()}
        self.hidden_savings = hidden_savings(
            {code: self.savings.get(code, Saving()).budgets for code in self.cohorts},
            {code: self.savings.get(code, Saving()).unknown for code in self.cohorts},
            self.hidden[m.FORECAST.code],
            profile,
        )

    def text(self, measure: m.Measure, row: str, column: str) -> str:
        """A figure of a cohort, a method, or all, as it may be shown."""
        if (row, column) in self.hidden[measure.code]:
            return STAR
        return pounds(getattr(self._money(row, column), measure.code))

    def table(self, by: str, lines: Sequence[tuple[str, str, str]]) -> Block:
        """A line for each cohort or method (its name, row and column), and one for all."""
        rows = [
            (name, *(self.text(each, row, column) for each in COLUMNS))
            for name, row, column in [*lines, ("All", ALL, ALL)]
        ]
        head = (by.capitalize(), *(each.label for each in COLUMNS))
        return words.table(f"Money by {by}, in pounds", head, rows, numeric=range(1, len(head)))

    def saving(self, row: str) -> Saving | None:
        """What the budgets of a cohort, or of all, replaced; None where that is hidden."""
        if row in self.hidden_savings:
            return None
        saving = self.savings.get(row, Saving()) if row != ALL else sum(self.savings.values(), Saving())
        shown = self.profile.shown
        return replace(saving, budgets=shown(saving.budgets), unknown=shown(saving.unknown))

    def savings_table(self) -> Block:
        """What budgets replaced, by cohort and in all."""
        columns = said.SAVING_COLUMNS
        lines = [said.SavingRow(cohort.name, code, self.saving(code)) for code, cohort in self.cohorts.items()] + [
            said.SavingRow("All", "", self.saving(ALL))
        ]
        rows = [[str(column.value(line)) for column in columns] for line in lines]
        head = [column.label for column in columns]
        return words.table("Saving against the packages replaced", head, rows, numeric=range(1, len(head)))

    def _money(self, row: str, column: str) -> Money:
        chosen = {self.cohorts[row].pk} if row != ALL else {cohort.pk for cohort in self.cohorts.values()}
        cells = self.glance.cells.items()
        return m.total([cell.whole for (pk, method), cell in cells if pk in chosen and column in (ALL, method)])
