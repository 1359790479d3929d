"""The register as it was known at the end of a day: every read inside `as_known` answers from the row history.

A figure “as known on” a day must be the same figure, from the same statement, with the same list of people. So the
statements stay as they are and the tables are exchanged: for the length of one block, a temporary view of the same
name stands before each table (PostgreSQL looks there first). It shows each row as its history has it on that day, and
leaves out what was entered since, or had been removed by then (ADR 0035).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from budgets.models import AgreedBudget, FundingShare, LedgerEntry, MethodPart, OutcomeRating, PersonalHealthBudget
from budgets.models import Review as BudgetReview
from eligibility.models import BudgetOffer, Decision, Referral, Screening
from phb_register.models import Person, Population
from phb_register.tables import batched
from reporting.models import AreaTable, CountingPolicyChange, EligibleGroup, EligiblePopulation, Target, Trajectory

#: Rows that change, with the whole of their history.
TRACKED: tuple[type[models.Model], ...] = (
    PersonalHealthBudget,
    MethodPart,
    FundingShare,
    Person,
    Referral,
    BudgetOffer,
    Population,
    Target,
    EligiblePopulation,
    EligibleGroup,
    AreaTable,
    Trajectory,
)
#: Rows that never change, each with the column that says when it was entered.
ENTERED_AT: Mapping[type[models.Model], str] = {
    AgreedBudget: "recorded_at",
    BudgetReview: "recorded_at",
    CountingPolicyChange: "recorded_at",
    Decision: "recorded_at",
    LedgerEntry: "recorded_at",
    OutcomeRating: "recorded_at",
    Screening: "screened_at",
}

_AS_IN_HISTORY = """
    SELECT {columns} FROM {events} AS event
    WHERE event.pgh_created_at < %(moment)s AND event.pgh_label <> 'delete' AND NOT EXISTS (
        SELECT FROM {events} AS later
        WHERE later.pgh_obj_id = event.pgh_obj_id AND later.pgh_id > event.pgh_id AND later.pgh_created_at < %(moment)s
    )
"""
_AS_ENTERED = "SELECT * FROM {table} AS entered WHERE entered.{entered_at} < %(moment)s"


def end_of(day: dt.date) -> dt.datetime:
    """The first moment that no longer belongs to `day` in England."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


@contextmanager
def as_known(known_on: dt.date | None) -> Iterator[None]:
    """Read the register as it was known at the end of `known_on`; with None, as it is.

    Only reads: what is written inside is refused or taken back. Inside a block of the same day it does nothing more.
    """
    if known_on is None or getattr(connection, "phb_known_on", None) == known_on:
        yield
        return
    if getattr(connection, "phb_known_on", None) is not None:
        raise RuntimeError("The register is being read as known on another day")
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statement in _views():
            cursor.execute(f'CREATE TEMPORARY VIEW "{name}" AS {statement}', {"moment": end_of(known_on)})
        connection.phb_known_on = known_on  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.phb_known_on = None  # type: ignore[attr-defined]
            # The views go with everything else that this block did.
            transaction.set_rollback(True)


def batches_as_known(known_on: dt.date | None) -> Callable[[models.QuerySet[Any], int], Iterator[Any]]:
    """How a file reads rows: so many at a time, each batch as the register knew it at the end of a day."""

    def in_batches(rows: models.QuerySet[Any], size: int) -> Iterator[Any]:
        with as_known(known_on):
            for batch in batched(rows.iterator(chunk_size=size), size):
                yield from batch

    return in_batches


def _views() -> Iterator[tuple[str, str]]:
    for model in TRACKED:
        columns = [_column(field) for field in model._meta.concrete_fields]
        events: Any = model.pgh_event_model  # type: ignore[attr-defined]
        yield (
            model._meta.db_table,
            _AS_IN_HISTORY.format(columns=", ".join(columns), events=f'"{events._meta.db_table}"'),
        )
    for model, entered_at in ENTERED_AT.items():
        table = model._meta.db_table
        yield table, _AS_ENTERED.format(table=f'"{table}"', entered_at=f'"{entered_at}"')


def _column(field: Any) -> str:
    # The history has an index on the row it is about, and none on the row's own key, which is the same number.
    return f'event.pgh_obj_id AS "{field.column}"' if field.primary_key else f'event."{field.column}"'
