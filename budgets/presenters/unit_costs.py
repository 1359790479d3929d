"""How unit costs and what organisations are paid are said: tables, a chart, the rows of files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.enums import Method, ServiceCategory, SupportKind
from budgets.presenters.money import amount
from budgets.presenters.money_charts import WIDTH, Chart
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.money import hidden_of
from budgets.selectors.unit_costs import OrganisationPaid, UnitCost
from offers.models import Cohort
from phb_register.charts import BLUE, DARK_BLUE, render_chart
from phb_register.disclosure import STAR, Profile
from phb_register.tables import Column, table_params

KINDS = (("all", "All"), ("cohort", "Cohort"), ("method", "Method"), ("care", "Care type"))
DEFINITION = (
    "The cost of a week of each budget in place on the as-at date: its annual amount × 7 ÷ 365, of all funders. By "
    "method it is that of the method's part; by care type what the support plan in force buys of it. One-off budgets "
    "are left out. Half of the budgets lie between the lower and the upper quartile; the spread is the standard "
    "deviation."
)
BAR_STEP = 24


@dataclass(frozen=True)
class CostRow:
    """One line: of what, and the costs, None where they are hidden."""

    kind: str
    code: str
    label: str
    cost: UnitCost | None
    profile: Profile | None = None

    @property
    def budgets(self) -> int | None:
        """How many budgets it is made of."""
        return None if self.cost is None else _shown(self.cost.budgets, self.profile)

    def figure(self, name: str) -> Any:
        """A figure in pounds. A median or quartile has so many on either side of it that it is of none of them."""
        if self.cost is None:
            return None
        fewest = 0 if self.profile is None else self.profile.largest_hidden + 1
        if self.cost.budgets < fewest * {"median": 2, "lower": 4, "upper": 4}.get(name, 1):
            return None
        return getattr(self.cost, name)


def cost_rows(costs: Sequence[UnitCost], cohorts: Iterable[Cohort], profile: Profile | None) -> list[CostRow]:
    """Every line in the order of the page. Few budgets are hidden from those who may not see the people behind them."""
    labels: dict[str, Mapping[str, str]] = {
        "all": {"": "All budgets"},
        "cohort": {each.code: each.name for each in cohorts},
        "method": dict(Method.choices),
        "care": dict(ServiceCategory.choices),
    }
    hidden = frozenset() if profile is None else _hidden(costs, profile)
    found = {(each.kind, each.code): each for each in costs}
    return [
        CostRow(kind, code, label, None if (kind, code) in hidden else found[kind, code], profile)
        for kind, _ in KINDS
        for code, label in labels[kind].items()
        if (kind, code) in found
    ]


def _hidden(costs: Sequence[UnitCost], profile: Profile) -> frozenset[tuple[str, str]]:
    """What may not be shown: of few budgets, or what would tell of such; all, where a list could tell of its rest."""
    hidden: set[tuple[str, str]] = set()
    for kind in ("cohort", "method", "care"):
        codes = hidden_of([{each.code: each.budgets for each in costs if each.kind == kind}], profile)
        hidden |= {("all", "") if code == "total" else (kind, code) for code in codes}
    return frozenset(hidden)


def _pounds_of(name: str) -> Any:
    return lambda row: amount(row.figure(name))


def _number_of(name: str) -> Any:
    return lambda row: STAR if row.figure(name) is None else row.figure(name)


def cost_columns(first: str) -> list[Column[CostRow]]:
    """The columns of a table of unit costs, the first called what its lines are."""
    money = (
        ("average", "Average week"), ("median", "Median"), ("lower", "Lower quartile"), ("upper", "Upper quartile"),
    )  # fmt: skip
    return [
        Column(first, lambda row: row.label),
        Column("Budgets", lambda row: STAR if row.budgets is None else f"{row.budgets:,}", is_number=True),
        *(Column(label, _pounds_of(name), is_number=True, file_value=_number_of(name)) for name, label in money),
        Column("Spread", lambda row: STAR if row.cost is None else pounds(row.cost.spread), is_number=True,
               file_value=_number_of("spread")),
    ]  # fmt: skip


FILE_COLUMNS: list[Column[CostRow]] = [
    Column("By", lambda row: row.kind),
    Column("Code", lambda row: row.code),
    *cost_columns("Name"),
]


def cost_tables(rows: Sequence[CostRow]) -> list[dict[str, Any]]:
    """A table for each kind of line there is."""
    return [
        table_params(cost_columns(label), held, caption=f"A week’s cost: {label.lower()}")
        for kind, label in KINDS
        if (held := [row for row in rows if row.kind == kind])
    ]


def cost_chart(rows: Sequence[CostRow], *, name: str, as_at: str, table: dict[str, Any]) -> Chart | None:
    """The middle half of a week's cost with its median, for each cohort that may be shown."""
    drawn = [
        (row.label, row.cost)
        for row in rows
        if row.kind == "cohort" and row.cost is not None and row.figure("lower") is not None
    ]
    if not drawn:
        return None
    values = [
        {"cohort": label, "lower": float(cost.lower), "median": float(cost.median), "upper": float(cost.upper)}
        for label, cost in drawn
    ]
    y = {"field": "cohort", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 220}}
    x = {"type": "quantitative", "title": "Pounds a week"}
    spec = {
        "width": WIDTH,
        "height": {"step": BAR_STEP + 8},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE, "opacity": 0.35, "height": BAR_STEP - 6},
                "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
            },
            {
                "mark": {"type": "tick", "color": DARK_BLUE, "thickness": 4, "size": BAR_STEP},
                "encoding": {"y": y, "x": {**x, "field": "median"}},
            },
        ],
    }
    title = f"The middle half of a week’s cost by cohort, with the median, {name}, {as_at}"
    label, cost = max(drawn, key=lambda each: each[1].median)
    summary = f"The highest median is that of {label}: {pounds(cost.median)} a week."
    return Chart(render_chart(spec, title=title, description=summary), title, summary, table)


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation as it may be shown: amounts are None where they are hidden."""

    name: str
    kinds: str
    paid: Decimal | None
    held: Decimal | None
    planned: Decimal | None
    budgets: int | None


def organisation_rows(found: Sequence[OrganisationPaid], profile: Profile | None) -> list[OrganisationRow]:
    """Every organisation, with amounts made of few hidden from those who may not see the people behind them."""
    hidden: frozenset[str] = frozenset()
    if profile is not None and found:
        keys = [str(place) for place in range(len(found))]
        hidden = hidden_of(
            [
                {key: each.paid_budgets for key, each in zip(keys, found, strict=True)},
                {key: each.planned_budgets for key, each in zip(keys, found, strict=True)},
            ],
            profile,
        )
    labels = dict(SupportKind.choices)
    rows = []
    for place, each in enumerate(found):
        is_hidden = str(place) in hidden
        rows.append(
            OrganisationRow(
                each.name,
                ", ".join(labels[kind] for kind in each.kinds),
                None if is_hidden else each.paid,
                None if is_hidden else each.held,
                None if is_hidden else each.planned,
                None if is_hidden else _shown(max(each.paid_budgets, each.planned_budgets), profile),
            )
        )
    return rows


def _shown(number: int, profile: Profile | None) -> int:
    return number if profile is None else profile.shown(number)


def _organisation_column(label: str, name: str) -> Column[OrganisationRow]:
    return Column(
        label,
        lambda row: amount(getattr(row, name)),
        is_number=True,
        file_value=lambda row: STAR if getattr(row, name) is None else getattr(row, name),
    )


ORGANISATION_COLUMNS: list[Column[OrganisationRow]] = [
    Column("Organisation", lambda row: row.name),
    Column("What it does", lambda row: row.kinds),
    _organisation_column("Paid", "paid"),
    _organisation_column("Paid into accounts it holds", "held"),
    _organisation_column("Bought by plans, a year", "planned"),
    Column("Budgets", lambda row: STAR if row.budgets is None else f"{row.budgets:,}", is_number=True),
]
