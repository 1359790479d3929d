"""What the page of variation says of commissioners beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from phb_register.presenters import counted, mid_sentence
from phb_register.tables import Column, table_params
from reporting.presenters.pages import dashboard_url
from reporting.rules.funnel import LEAST
from reporting.rules.variation import Behind
from reporting.selectors.scope import Counted
from reporting.selectors.variation import Compared, Funnel

from .funnel_chart import Dot, funnel_chart
from .links import VariationLinks


@dataclass(frozen=True)
class Compares:
    """How one funnel is said."""

    title: str
    definition: str
    per: int
    unit: str
    counts: str
    sizes: str
    behind: Behind


RATE = Compares(
    title="Budgets in place per 1,000 people",
    definition="Personal health budgets in place for every 1,000 people of the commissioner’s own population.",
    per=1000,
    unit="Budgets in place per 1,000 people",
    counts="Budgets in place",
    sizes="Population",
    behind=Behind.COMPARED,
)
UPTAKE = Compares(
    title="CHC uptake, including fast track",
    definition="Of the people eligible for CHC in the community, the percentage with a budget in place.",
    per=100,
    unit="CHC uptake, %",
    counts="CHC budgets in place in the community",
    sizes="People eligible for CHC in the community",
    behind=Behind.COMPARED_CHC,
)


def funnel_section(funnel: Funnel, scope: Counted, how: Compares) -> dict[str, Any]:
    commissioner = scope.commissioner
    rows = sorted(funnel.rows, key=lambda row: (-_share(row), row.commissioner.name))
    # Of the many that England has, those of whom there is nothing to say would hide the others.
    left_out = [row for row in rows if commissioner.is_nation and row.size is None and not row.count.value]
    section: dict[str, Any] = {
        "title": how.title,
        "definition": how.definition,
        "who_is_left_out": f"Who is left out: {mid_sentence(how.title)}",
        "left_out": _left_out(left_out, how),
        "table": _funnel_table(
            funnel, [row for row in rows if row not in left_out], how, VariationLinks(scope, funnel.is_live)
        ),
    }
    if funnel.comparison is None:
        able = sum(1 for row in rows if row.size and row.count.value is not None)
        them = counted(able, "commissioner", "commissioners")
        section["why_not"] = (
            f"A funnel plot takes {LEAST} commissioners or more with numbers that are known. You see {them}."
        )
        return section
    dots = [
        Dot(row.commissioner.code, int(row.count.value), row.size, row.commissioner.pk == commissioner.pk)
        for row in rows
        if row.size and row.count.value is not None
    ]
    outside = [row for row in rows if _place(funnel, row) not in ("Within the limits", "")]
    words = (
        f"Together the {len(dots)} commissioners have {number_of(funnel.comparison.share * how.per)}. "
        f"{counted(len(outside), 'of them is', 'of them are')} outside the 95% limits."
    )
    title = f"Funnel plot: {mid_sentence(how.title)}, by {mid_sentence(how.sizes)}"
    return section | {
        "chart_title": title,
        "words": words,
        "overdispersion": _overdispersion_words(funnel),
        "chart": funnel_chart(
            dots, funnel.comparison, per=how.per, x=how.sizes, y=how.unit, title=title, description=words
        ),
    }


def _overdispersion_words(funnel: Funnel) -> str:
    comparison = funnel.comparison
    if comparison is None or not comparison.is_overdispersed:
        return "They do not differ by more than chance can make them: the limits are those of chance."
    return (
        f"They vary {comparison.dispersion:,.1f} times as much as chance alone would make them (overdispersion): they "
        "differ in more than size. The limits are widened for that, so that only the unusual stand out."
    )


def _funnel_table(funnel: Funnel, rows: Sequence[Compared], how: Compares, links: VariationLinks) -> dict[str, Any]:
    columns: list[Column[Compared]] = [
        Column("Commissioner", lambda row: row.commissioner.name, link=lambda row: dashboard_url(row.commissioner)),
        Column(
            how.counts,
            lambda row: row.count.text,
            is_number=True,
            link=lambda row: links.body(how.behind, row.commissioner),
        ),
        Column(how.sizes, lambda row: "Not known" if row.size is None else f"{row.size:,}", is_number=True),
        Column(how.unit, lambda row: _share_text(row, how.per), is_number=True),
        Column("Where it stands", lambda row: _place(funnel, row)),
    ]
    return table_params(columns, rows, caption=f"{how.title}, the highest first", is_responsive=True)


def _left_out(rows: Sequence[Compared], how: Compares) -> str:
    """Who is not in the table, and why."""
    names = sorted(row.commissioner.name for row in rows)
    if not names:
        return ""
    have = counted(len(names), "commissioner has", "commissioners have")
    return (
        f"{have} no budget that could be shown, and nobody counted the {mid_sentence(how.sizes)}: {'; '.join(names)}."
    )


def _share(row: Compared) -> float:
    return int(row.count.value) / row.size if row.size and row.count.value is not None else -1.0


def _share_text(row: Compared, per: int) -> str:
    if row.count.is_hidden:
        return row.count.text
    return number_of(_share(row) * per) if row.size else "Not known"


def _place(funnel: Funnel, row: Compared) -> str:
    if funnel.comparison is None or not row.size or row.count.value is None:
        return ""
    return funnel.comparison.place(int(row.count.value), row.size).value.capitalize()


def number_of(value: float) -> str:
    """A rate or percentage with as many places as tell commissioners apart."""
    return f"{value:,.3f}" if value < 1 else f"{value:,.2f}" if value < 10 else f"{value:,.1f}"
