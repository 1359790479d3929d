"""Every figure of money, declared once: what it adds up, and how the figures hang together. Pure.

The page, the chart, the file and the tests all read these declarations. Amounts are pounds of all funders together;
each also has an NHS part, by the funding shares in force on the day the money is for. Every figure is worked out to
the penny for each method of each personal health budget (PHB), and totals are sums of those, so that parts always
add to totals.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum, unique
from itertools import pairwise

from phb_register.dates import ONE_DAY, FinancialYear
from phb_register.disclosure import Profile, Sum, protect, table_sums

from .instalments import BY_DAY, BY_MONTH, Accrual, pounds, running_total

PENNY = Decimal("0.01")
NOUGHT = Decimal("0.00")


@unique
class Unit(StrEnum):
    """What a figure is expressed in."""

    POUNDS = "pounds"
    PERCENT = "%"
    BUDGETS = "personal health budgets"


@dataclass(frozen=True)
class Measure:
    """One figure: its sentence, and where its definition comes from. `made_of` says how it follows from others."""

    code: str
    label: str
    definition: str
    source: str = "This register"
    unit: Unit = Unit.POUNDS
    made_of: str = ""


BUDGET = Measure(
    code="budget",
    label="Budget",
    definition=(
        "What is agreed for the financial year: for each day on which a budget is in place, a 365th (in a leap year a "
        "366th) of the annual amount then agreed; where it is paid by the month, a twelfth for each month and the like "
        "part for days; and one-off amounts whole in the year in which they begin to hold. A budget that was agreed "
        "and has not started counts nothing yet."
    ),
)
PAID = Measure(
    code="paid",
    label="Paid",
    definition=(
        "What was paid out in the financial year by the ledger, up to the as-at date: payments, less what was set off "
        "against them, reversals and overpayments that came back."
    ),
)
RECOVERED = Measure(
    code="recovered",
    label="Recovered",
    definition="Unspent money that came back in the financial year by the ledger, up to the as-at date.",
)
PAID_FOR = Measure(
    code="paid_for",
    label="Paid for the year",
    definition=(
        "What was paid for the days of the financial year, up to the as-at date, in whichever year it left the bank. A "
        "payment for days of two years counts in each by its days."
    ),
)
TO_COME = Measure(
    code="to_come",
    label="Still to come",
    definition=(
        "What is agreed for the financial year and not paid yet: the budget less the instalments that were paid for "
        "its days, for each method of each budget, never below nought. Parts that no schedule pays are here whole."
    ),
)
COMMITTED = Measure(
    code="committed",
    label="Committed",
    definition=(
        "What was paid for the financial year and what is bound until it ends, while the budget is in place: paid for "
        "the year, and still to come."
    ),
    made_of="Paid for the year and still to come",
)
OFFSETS_TO_COME = Measure(
    code="offsets_to_come",
    label="To be set off",
    definition="Unspent money that is approved to be set off against payments to come in the financial year.",
)
FORECAST = Measure(
    code="forecast",
    label="Forecast to year end",
    definition=(
        "What the financial year will have cost under what is agreed today: committed, less what was recovered and "
        "what is approved to be set off."
    ),
    made_of="Committed less recovered less to be set off",
)
VARIANCE = Measure(
    code="variance",
    label="Variance",
    definition="Forecast less budget: above nought the year costs more than was agreed, below nought less.",
    made_of="Forecast less budget",
)
REPLACED = Measure(
    code="replaced",
    label="Packages replaced",
    definition=(
        "Of budgets that took the place of a package of care whose cost is known: what that package would have cost "
        "for the same days of the financial year. One-off budgets replace no package."
    ),
    source="Somerset, local offer paper, paragraph 4.3: CHC budget against actual spend",
)
SAVING = Measure(
    code="saving",
    label="Saving against the packages replaced",
    definition=(
        "Packages replaced, less the forecast of the same budgets: actual cost against what the package cost. Budgets "
        "without a known package count in neither; how many they are is said beside it."
    ),
    source="Somerset, local offer paper, paragraph 4.3: over £400,000 against £2.6 million",
    made_of="Packages replaced less the forecast of those budgets",
)
SAVING_PERCENT = Measure(
    code="saving_percent",
    label="Saving in per cent",
    definition="Saving as a percentage of the packages replaced, to one decimal place, halves up.",
    unit=Unit.PERCENT,
    made_of="Saving ÷ packages replaced × 100",
)
BUDGETS = Measure(
    code="budgets",
    label="Personal health budgets",
    definition="PHBs in place on at least one day of the financial year, each counted once.",
    unit=Unit.BUDGETS,
)

#: In the order of the page's table and of the file.
MEASURES: tuple[Measure, ...] = (
    BUDGETS, BUDGET, PAID, PAID_FOR, TO_COME, COMMITTED, RECOVERED, OFFSETS_TO_COME, FORECAST, VARIANCE, REPLACED,
    SAVING, SAVING_PERCENT,
)  # fmt: skip


@dataclass(frozen=True)
class Money:
    """The figures of one PHB, of a cell of a table, or of a total: pounds, either of all funders or of the NHS."""

    budget: Decimal = NOUGHT
    paid: Decimal = NOUGHT
    paid_for: Decimal = NOUGHT
    to_come: Decimal = NOUGHT
    recovered: Decimal = NOUGHT
    offsets_to_come: Decimal = NOUGHT

    @property
    def committed(self) -> Decimal:
        """Paid for the year, and what is bound until it ends."""
        return self.paid_for + self.to_come

    @property
    def forecast(self) -> Decimal:
        """What the year will have cost."""
        return self.committed - self.recovered - self.offsets_to_come

    @property
    def variance(self) -> Decimal:
        """Forecast less budget."""
        return self.forecast - self.budget

    def __add__(self, other: "Money") -> "Money":
        return Money(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Money)))


def total(parts: Sequence[Money]) -> Money:
    """The sum of some figures."""
    return sum(parts, Money())


@dataclass(frozen=True)
class Saving:
    """What packages would have cost and what the budgets in their place do, for how many; and for how many it is not
    known. Pounds.
    """

    replaced: Decimal = NOUGHT
    forecast: Decimal = NOUGHT
    budgets: int = 0
    unknown: int = 0

    @property
    def amount(self) -> Decimal:
        """The saving; below nought where the budgets cost more."""
        return self.replaced - self.forecast

    @property
    def percent(self) -> Decimal | None:
        """Of the packages replaced, to one decimal place, halves up; None where no package is known."""
        if not self.replaced:
            return None
        return (self.amount * 100 / self.replaced).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    def __add__(self, other: "Saving") -> "Saving":
        return Saving(
            self.replaced + other.replaced,
            self.forecast + other.forecast,
            self.budgets + other.budgets,
            self.unknown + other.unknown,
        )


#: The figures a table of money is made of: where one has few behind it, the cell is hidden whole.
CONTRIBUTING = tuple(each.name for each in fields(Money))
#: Of the NHS's part: few jointly funded budgets would be told by what it lacks of the whole.
JOINTLY = "jointly"


def hidden_cells(
    counts: Mapping[tuple[str, str], Mapping[str, int]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    profile: Profile,
    figures: Sequence[str] = CONTRIBUTING,
) -> frozenset[tuple[str, str]]:
    """The cells of a table that may not be shown to those who may not see the people behind it, "total" among them.

    `counts` says of each cell (row, column), without totals, how many PHBs each figure of it is made of. A cell is
    hidden where any of its figures is made of few, or where it protects such a one; it is hidden whole, because its
    figures follow from one another.
    """
    hidden: set[tuple[str, str]] = set()
    sums: list[Sum] = table_sums(rows, columns)
    for figure in figures:
        values = _with_totals(
            {cell: counts.get(cell, {}).get(figure, 0) for cell in _cells(rows, columns)}, rows, columns
        )
        for key, controlled in protect(values, sums, profile=profile).items():
            if controlled.is_hidden:
                _, row, column = key.split("/")
                hidden.add((row, column))
    return frozenset(hidden)


def _cells(rows: Sequence[str], columns: Sequence[str]) -> list[tuple[str, str]]:
    return [(row, column) for row in rows for column in columns]


def _with_totals(numbers: Mapping[tuple[str, str], int], rows: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    values = {f"table/{row}/{column}": number for (row, column), number in numbers.items()}
    for row in rows:
        values[f"table/{row}/total"] = sum(numbers[row, column] for column in columns)
    for column in columns:
        values[f"table/total/{column}"] = sum(numbers[row, column] for row in rows)
    values["table/total/total"] = sum(numbers.values())
    return values


@dataclass(frozen=True)
class Piece:
    """What is agreed for one method: pounds a year from `first` until the day before `until`; or, without `until`,
    pounds paid once, on `first`.
    """

    method: str
    amount: Decimal
    first: date
    until: date | None


def accrued(pieces: Iterable[Piece], year: FinancialYear, last: date, monthly: Collection[str] = ()) -> Decimal:
    """The budget from 1 April up to the end of `last`, in pounds, to the penny for each method.

    By the day, but by the month for the methods that are paid `monthly`, as their instalments are.
    """
    held: dict[str, list[Piece]] = {}
    for piece in pieces:
        held.setdefault(piece.method, []).append(piece)
    total_amount = NOUGHT
    for method, each in held.items():
        accruals = [Accrual(piece.first, piece.until, piece.amount) for piece in each if piece.until is not None]
        basis = BY_MONTH if method in monthly else BY_DAY
        total_amount += pounds(running_total(accruals, last + ONE_DAY, basis))
        total_amount += sum((piece.amount for piece in each if piece.until is None and piece.first <= last), NOUGHT)
    return total_amount


def months_in(year: FinancialYear) -> list[tuple[date, date]]:
    """The first and the last day of each month of a financial year."""
    firsts = [date(year.begins + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 17)]
    return [(first, following - ONE_DAY) for first, following in pairwise(firsts)]


def hidden_of(counts: Iterable[Mapping[str, int]], profile: Profile) -> frozenset[str]:
    """Of a list with a total: the entries, "total" among them, that are made of few by any of these counts."""
    hidden: set[str] = set()
    for each in counts:
        values = {**each, "total": sum(each.values())}
        controlled = protect(values, [Sum("total", tuple(each))], profile=profile)
        hidden |= {key for key, one in controlled.items() if one.is_hidden}
    return frozenset(hidden)
