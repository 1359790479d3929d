"""Which figures of money may be shown to readers who may not see the people: each for itself. Pure.

A figure is hidden where few budgets are behind it, or where it protects one that is. A figure that follows from others
is hidden with any of them, so that none of them can be worked out from it. The page of money, its file and board packs
show the same.
"""

from collections.abc import Iterable, Mapping, Sequence

from budgets.rules import money as m
from phb_register.disclosure import Profile

#: What each figure is made of.
MADE_OF: dict[str, tuple[str, ...]] = {
    m.BUDGET.code: ("budget",),
    m.PAID.code: ("paid",),
    m.PAID_FOR.code: ("paid_for",),
    m.TO_COME.code: ("to_come",),
    m.COMMITTED.code: ("paid_for", "to_come"),
    m.RECOVERED.code: ("recovered",),
    m.OFFSETS_TO_COME.code: ("offsets_to_come",),
    m.FORECAST.code: ("paid_for", "to_come", "recovered", "offsets_to_come"),
    m.VARIANCE.code: ("paid_for", "to_come", "recovered", "offsets_to_come", "budget"),
}

Cells = frozenset[tuple[str, str]]


def hidden_by_figure(
    counts: Mapping[tuple[str, str], Mapping[str, int]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    profile: Profile,
    is_nhs: bool = False,
) -> dict[str, Cells]:
    """The cells (row, column; "total" among them) in which each figure is hidden.

    `counts` says of each cell, without totals, how many budgets each part is made of. Of the NHS's part, `is_nhs`,
    every figure is hidden where few are jointly funded, or it would tell of them beside the whole.
    """
    parts = {part: m.hidden_cells(counts, rows, columns, profile=profile, figures=(part,)) for part in m.CONTRIBUTING}
    jointly = m.hidden_cells(counts, rows, columns, profile=profile, figures=(m.JOINTLY,)) if is_nhs else frozenset()
    return {code: jointly.union(*(parts[part] for part in made_of)) for code, made_of in MADE_OF.items()}


def hidden_savings(
    budgets: Mapping[str, int],
    unknown: Mapping[str, int],
    forecast_hidden: Iterable[tuple[str, str]],
    profile: Profile,
) -> frozenset[str]:
    """The rows, "total" among them, whose saving is hidden: made of few, or telling a forecast that is hidden."""
    of_few = m.hidden_of([budgets, unknown], profile)
    return of_few | {row for row, column in forecast_hidden if column == "total"}
