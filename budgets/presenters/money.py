"""How money is said: tables by cohort and method, the saving, tiles, and the rows of the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from budgets.enums import Method
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules import money as m
from budgets.rules.money import Money, Saving
from budgets.rules.money_control import Cells, hidden_by_figure
from budgets.selectors.money import METHODS, Glance, Period
from offers.models import Cohort
from phb_register.disclosure import STAR, Profile
from phb_register.presenters import spoken_date
from phb_register.tables import Column, table_params

METHOD_LABELS: dict[str, str] = dict(Method.choices)


@dataclass(frozen=True)
class MoneyRow:
    """One line of a table: of a cohort, of a method, of both, or of all. `hidden` are figures not shown."""

    label: str
    cohort: str
    method: str
    money: Money
    budgets: int | None = None
    link: str = ""
    hidden: frozenset[str] = frozenset()

    def figure(self, measure: m.Measure) -> Decimal | None:
        """A figure in pounds; None where it is hidden."""
        found: Decimal = getattr(self.money, measure.code)
        return None if measure.code in self.hidden else found


@dataclass(frozen=True)
class SavingRow:
    """What the budgets of a cohort, or of all, replaced; None where it is hidden."""

    label: str
    cohort: str
    saving: Saving | None


@dataclass(frozen=True)
class Shown:
    """A glance as one reader may see it, narrowed to what was asked for."""

    glance: Glance
    cohorts: Sequence[Cohort]
    cohort: Cohort | None
    method: str
    is_nhs: bool
    hidden: Mapping[str, Cells]
    hidden_cohorts: frozenset[str]
    profile: Profile | None

    @classmethod
    def of(
        cls, glance: Glance, cohorts: Iterable[Cohort], *, cohort: Cohort | None, method: str, is_nhs: bool,
        profile: Profile | None,
    ) -> "Shown":  # fmt: skip
        """What may be shown: everything to those who may see the people behind it, else under disclosure control."""
        own = list(cohorts)
        hidden: Mapping[str, Cells] = {}
        hidden_cohorts: frozenset[str] = frozenset()
        if profile is not None and own:
            codes = {each.pk: each.code for each in own}
            counts = {(codes[pk], name): cell.behind for (pk, name), cell in glance.cells.items()}
            hidden = hidden_by_figure(counts, sorted(codes.values()), METHODS, profile=profile, is_nhs=is_nhs)
            hidden_cohorts = m.hidden_of(
                (
                    {codes[pk]: read(glance, pk) for pk in codes}
                    for read in (
                        lambda found, pk: found.savings.get(pk, Saving()).budgets,
                        lambda found, pk: found.savings.get(pk, Saving()).unknown,
                        lambda found, pk: found.budgets.get(pk, 0),
                    )
                ),
                profile,
            ) | {row for row, column in hidden[m.FORECAST.code] if column == "total"}
        return cls(glance, own, cohort, method, is_nhs, hidden, hidden_cohorts, profile)

    @property
    def _chosen(self) -> list[Cohort]:
        return [each for each in self.cohorts if self.cohort is None or each == self.cohort]

    @property
    def _methods(self) -> list[str]:
        return [each for each in METHODS if not self.method or each == self.method]

    def by_cohort(self) -> list[MoneyRow]:
        """A line for each cohort, and their total."""
        rows = [
            self._row(cohort.name, [cohort], self._methods, budgets=self._budgets(cohort)) for cohort in self._chosen
        ]
        return [*rows, self.total()]

    def by_method(self) -> list[MoneyRow]:
        """A line for each method, and their total. A mixed budget has a part in several."""
        rows = [self._row(METHOD_LABELS[each], self._chosen, [each]) for each in self._methods]
        return [*rows, self.total()]

    def by_both(self) -> list[MoneyRow]:
        """A line for each cohort and method, for the file."""
        return [self._row(cohort.name, [cohort], [method]) for cohort in self._chosen for method in self._methods]

    def total(self) -> MoneyRow:
        """All that was asked for."""
        budgets = None
        if not self.method and self._key not in self.hidden_cohorts:
            budgets = self._shown(sum(self.glance.budgets.get(each.pk, 0) for each in self._chosen))
        return self._row("All", self._chosen, self._methods, budgets=budgets)

    @property
    def _key(self) -> str:
        return self.cohort.code if self.cohort else "total"

    def _budgets(self, cohort: Cohort) -> int | None:
        if self.method or cohort.code in self.hidden_cohorts:
            return None
        return self._shown(self.glance.budgets.get(cohort.pk, 0))

    def _shown(self, budgets: int) -> int:
        return budgets if self.profile is None else self.profile.shown(budgets)

    def _row(
        self, label: str, cohorts: Sequence[Cohort], methods: Sequence[str], *, budgets: int | None = None
    ) -> MoneyRow:
        row = cohorts[0].code if len(cohorts) == 1 else "total"
        column = methods[0] if len(methods) == 1 else "total"
        hidden = frozenset(code for code, found in self.hidden.items() if (row, column) in found)
        cells = [self.glance.cells.get((cohort.pk, method)) for cohort in cohorts for method in methods]
        sums = m.total([cell.nhs if self.is_nhs else cell.whole for cell in cells if cell is not None])
        return MoneyRow(
            label=label,
            cohort=cohorts[0].code if len(cohorts) == 1 else "",
            method=methods[0] if len(methods) == 1 else "",
            money=sums,
            budgets=budgets,
            link=self._link(cohorts, methods) if self.profile is None else "",
            hidden=hidden,
        )

    def _link(self, cohorts: Sequence[Cohort], methods: Sequence[str]) -> str:
        chosen = {"year": str(self.glance.period.year.begins)}
        if len(cohorts) == 1:
            chosen["cohort"] = cohorts[0].code
        if len(methods) == 1:
            chosen["method"] = methods[0]
        return f"{reverse('budgets:money-budgets', args=[self.glance.commissioner.code])}?{urlencode(chosen)}"

    def savings(self) -> list[SavingRow]:
        """What budgets replaced, by cohort and in all. Of all funders and methods: a package has neither."""
        rows = [
            SavingRow(
                cohort.name,
                cohort.code,
                None
                if cohort.code in self.hidden_cohorts
                else self._rounded(self.glance.savings.get(cohort.pk, Saving())),
            )
            for cohort in self._chosen
        ]
        return [*rows, SavingRow("All", "", self.saving())]

    def saving(self) -> Saving | None:
        """The saving of all that was asked for; None where it is hidden."""
        if self._key in self.hidden_cohorts:
            return None
        return self._rounded(sum((self.glance.savings.get(each.pk, Saving()) for each in self._chosen), Saving()))

    def _rounded(self, saving: Saving) -> Saving:
        return replace(saving, budgets=self._shown(saving.budgets), unknown=self._shown(saving.unknown))


def amount(value: Decimal | None) -> str:
    """Pounds, or the star of a hidden one."""
    return STAR if value is None else pounds(value)


def _money_column(measure: m.Measure) -> Column[MoneyRow]:
    return Column(
        measure.label,
        lambda row: amount(row.figure(measure)),
        is_number=True,
        file_value=lambda row: STAR if measure.code in row.hidden else row.figure(measure),
    )


ON_THE_PAGE = (m.BUDGET, m.PAID, m.COMMITTED, m.RECOVERED, m.FORECAST, m.VARIANCE)
IN_THE_FILE = (
    m.BUDGET, m.PAID, m.PAID_FOR, m.TO_COME, m.COMMITTED, m.RECOVERED, m.OFFSETS_TO_COME, m.FORECAST, m.VARIANCE,
)  # fmt: skip


def money_columns(first: str, *, has_budgets: bool) -> list[Column[MoneyRow]]:
    """The columns of a table of money, the first called what its lines are."""
    columns: list[Column[MoneyRow]] = [Column(first, lambda row: row.label, link=lambda row: row.link or None)]
    if has_budgets:
        columns.append(
            Column("Budgets", lambda row: STAR if row.budgets is None else f"{row.budgets:,}", is_number=True)
        )
    return [*columns, *(_money_column(measure) for measure in ON_THE_PAGE)]


FILE_COLUMNS: list[Column[MoneyRow]] = [
    Column("Cohort", lambda row: row.cohort),
    Column("Method", lambda row: row.method),
    *(_money_column(measure) for measure in IN_THE_FILE),
]


def percent_words(saving: Saving) -> str:
    """The saving in per cent of the packages; a dash where none is known."""
    return "–" if saving.percent is None else f"{saving.percent}%"


SAVING_COLUMNS: list[Column[SavingRow]] = [
    Column("Cohort", lambda row: row.label),
    Column("Packages replaced", lambda row: amount(row.saving.replaced if row.saving else None), is_number=True),
    Column("Forecast of the same", lambda row: amount(row.saving.forecast if row.saving else None), is_number=True),
    Column("Saving", lambda row: amount(row.saving.amount if row.saving else None), is_number=True),
    Column("Per cent", lambda row: STAR if row.saving is None else percent_words(row.saving), is_number=True),
    Column("Budgets", lambda row: STAR if row.saving is None else f"{row.saving.budgets:,}", is_number=True),
    Column("No package known", lambda row: STAR if row.saving is None else f"{row.saving.unknown:,}", is_number=True),
]


def tiles(shown: Shown) -> list[dict[str, str]]:
    """The figures of the whole, each with its definition."""
    total, saving = shown.total(), shown.saving()
    found = [
        {
            "label": measure.label,
            "value": amount(total.figure(measure)),
            "definition": measure.definition,
        }
        for measure in (m.BUDGET, m.COMMITTED, m.PAID, m.FORECAST, m.VARIANCE)
    ]
    if not shown.method and not shown.is_nhs:
        value = STAR if saving is None else f"{pounds(saving.amount)} ({percent_words(saving)})"
        found.append({"label": m.SAVING.label, "value": value, "definition": m.SAVING.definition})
    return found


def definitions() -> dict[str, Any]:
    """Every figure and what it means, as a table."""
    columns: list[Column[m.Measure]] = [
        Column("Figure", lambda each: each.label),
        Column("What it means", lambda each: each.definition),
        Column("Made of", lambda each: each.made_of or "–"),
        Column("Source", lambda each: each.source),
    ]
    return table_params(columns, m.MEASURES, caption="Every figure and what it means")


def period_words(period: Period) -> str:
    """Of when figures are: "2026/27, as at the end of 22 November 2026"."""
    return f"{period.year.label}, as at the end of {spoken_date(period.as_at)}"
