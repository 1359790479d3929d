"""A page of the register, which costs the same wherever it lies and however many commissioners keep theirs here."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from phb_register.paging import MOST_COUNTED, count_up_to, counted_words

PAGE_LENGTH = 50
#: Of so many commissioners at most each is sought by its own index. More of them are a good part of all, and found
#: soon in the order of all.
FEW_BODIES = 16
NEWEST, OLDEST = ("-agreed_on", "-pk"), ("agreed_on", "pk")


@dataclass(frozen=True)
class RegisterPage:
    """A page of the register. `newer` and `older` say where the pages beside it begin, None where there is none.

    `total` is one more than `most` where there are more than that: see `phb_register.paging`.
    """

    rows: list[PersonalHealthBudget]
    total: int
    most: int
    newer: str | None
    older: str | None

    @property
    def counted(self) -> str:
        """How many there are, in words."""
        return counted_words(self.total, self.most)


def register_page(
    rows: PersonalHealthBudgetQuerySet,
    *,
    bodies: Collection[int] = (),
    older_than: str = "",
    newer_than: str = "",
    length: int = PAGE_LENGTH,
    most: int = MOST_COUNTED,
) -> RegisterPage:
    """The page beside the PHB that a place (see `place_of`) names, or the first; newest agreed first.

    It seeks to its place by index instead of counting rows off, so the last page costs what the first does. A
    place that cannot be read counts as none. The rows are counted up to `most`. `bodies` are the commissioners that
    the rows are of, where that is known.
    """
    older, newer = _read_place(older_than), _read_place(newer_than)
    total = count_up_to(rows, most)
    found = rows
    if newer:
        day, pk = newer
        found = found.filter(agreed_on__gte=day).filter(Q(agreed_on__gt=day) | Q(pk__gt=pk))
        taken = _first(found, OLDEST, length + 1, bodies)
        has_newer, has_older = len(taken) > length, True
        taken = taken[:length][::-1]
    else:
        if older:
            day, pk = older
            found = found.filter(agreed_on__lte=day).filter(Q(agreed_on__lt=day) | Q(pk__lt=pk))
        taken = _first(found, NEWEST, length + 1, bodies)
        has_newer, has_older = older is not None, len(taken) > length
        taken = taken[:length]
    return RegisterPage(
        rows=taken,
        total=total,
        most=most,
        newer=place_of(taken[0]) if taken and has_newer else None,
        older=place_of(taken[-1]) if taken and has_older else None,
    )


def place_of(phb: PersonalHealthBudget) -> str:
    """Where a PHB stands in the order of the register, for an address: the day it was agreed and its number."""
    return f"{phb.agreed_on.isoformat()}.{phb.pk}"


def _read_place(text: str) -> tuple[dt.date, int] | None:
    day, _, number = text.partition(".")
    try:
        return dt.date.fromisoformat(day), int(number)
    except ValueError:
        return None


def _first(
    rows: PersonalHealthBudgetQuerySet, order: tuple[str, str], length: int, bodies: Collection[int]
) -> list[PersonalHealthBudget]:
    """The first so many rows in an order, with what a list shows of each."""
    if rows.query.is_empty():
        # What cannot be read was filtered by: parts that are empty already cannot be put together.
        return []
    if not 0 < len(bodies) <= FEW_BODIES:
        return list(rows.for_display().order_by(*order)[:length])
    # Sought in the order of all, the rows of a small commissioner lie far apart.
    each: list[QuerySet[Any, Any]] = [
        rows.filter(commissioner=body).order_by(*order).values("agreed_on", "pk")[:length] for body in bodies
    ]
    first, *others = each
    found = first.union(*others, all=True).order_by(*order)[:length] if others else first
    keys = [row["pk"] for row in found]
    return list(PersonalHealthBudget.objects.filter(pk__in=keys).for_display().order_by(*order))
