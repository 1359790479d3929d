"""The rows of the register's file: plain values, a batch at a time, so that a whole register costs little memory."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from budgets.models import FundingShare, MethodPart, PersonalHealthBudgetQuerySet
from phb_register.bulk import among
from phb_register.tables import batched


class Part(NamedTuple):
    """One way the money of a PHB is managed, from a day until the day before another."""

    phb: int
    method: str
    starts_on: dt.date
    ends_on: dt.date | None


class Share(NamedTuple):
    """What percentage of a PHB a funder pays, from a day until the day before another."""

    phb: int
    funder: str
    percent: Decimal
    starts_on: dt.date
    ends_on: dt.date | None


class RegisterRow(NamedTuple):
    """One PHB as the file shows it: what is read of it, in the order of `_FIELDS`, its parts and its shares."""

    pk: int
    reference: str
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
    # As text: PostgreSQL writes 200,000 of them in the time that making objects of a tenth would take.
    Cast("reference", TextField()),
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
        of_these = among("phb_id", [values[0] for values in batch])
        parts: dict[int, list[Part]] = defaultdict(list)
        in_order = MethodPart.objects.filter(of_these).order_by("starts_on", "pk")
        for part in map(Part._make, in_order.values_list(*Part._fields)):
            parts[part.phb].append(part)
        shares: dict[int, list[Share]] = defaultdict(list)
        for share in map(Share._make, FundingShare.objects.filter(of_these).order_by().values_list(*Share._fields)):
            shares[share.phb].append(share)
        for values in batch:
            yield RegisterRow._make((*values, parts[values[0]], shares[values[0]]))
