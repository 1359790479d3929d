"""The rows of the register's file: plain values, a batch at a time, so that a whole register costs little memory."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from budgets.models import FundingShare, MethodPart, PersonalHealthBudgetQuerySet
from phb_register.tables import batched


class Part(NamedTuple):
    """One way the money is managed, from a day until the day before another."""

    method: str
    starts_on: dt.date
    ends_on: dt.date | None


class Share(NamedTuple):
    """What percentage a funder pays, from a day until the day before another."""

    funder: str
    percent: Decimal
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(slots=True)
class RegisterRow:
    """One PHB as the file shows it. Its fields are in the order of `_FIELDS`."""

    pk: int
    reference: UUID
    nhs_number: str | None
    family_name: str
    given_name: str
    born_on: dt.date
    commissioner_code: str
    commissioner_name: str
    cohort_code: str
    is_fast_track: bool
    lives_in: str
    annual_amount: Decimal
    previous_annual_amount: Decimal | None
    agreed_on: dt.date
    started_on: dt.date | None
    ended_on: dt.date | None
    end_reason: str
    method_parts: list[Part]
    funding_shares: list[Share]


_FIELDS = (
    "pk",
    "reference",
    "person__nhs_number",
    "person__family_name",
    "person__given_name",
    "person__born_on",
    "commissioner__code",
    "commissioner__name",
    "cohort__code",
    "is_fast_track",
    "lives_in",
    "annual_amount",
    "previous_annual_amount",
    "agreed_on",
    "started_on",
    "ended_on",
    "end_reason",
)


def register_rows(rows: PersonalHealthBudgetQuerySet, size: int) -> Iterator[RegisterRow]:
    """Each PHB of `rows` in their order, `size` of them read at a time: three reads a batch."""
    for batch in batched(rows.values_list(*_FIELDS).iterator(chunk_size=size), size):
        ids = [values[0] for values in batch]
        parts: dict[int, list[Part]] = defaultdict(list)
        in_order = MethodPart.objects.filter(phb__in=ids).order_by("starts_on", "pk")
        for phb, *part in in_order.values_list("phb", *Part._fields):
            parts[phb].append(Part(*part))
        shares: dict[int, list[Share]] = defaultdict(list)
        for phb, *share in FundingShare.objects.filter(phb__in=ids).order_by().values_list("phb", *Share._fields):
            shares[phb].append(Share(*share))
        for values in batch:
            whole: tuple[Any, ...] = (*values, parts[values[0]], shares[values[0]])
            yield RegisterRow(*whole)
