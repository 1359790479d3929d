"""Whether payments may be made, for as many as there are in a run: the same few reads whatever their number."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, Value

from budgets.enums import AccountKind, ArrangementEnd, CapacityBasis, Method, PayeeKind, WheelchairOption
from budgets.exceptions import Problem
from budgets.models import (
    AgreedBudget,
    CourtOrder,
    DirectPaymentArrangement,
    LedgerEntry,
    PersonalHealthBudget,
    SupportPlan,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.models.support_plans import COUNTS
from budgets.payment_enums import LedgerKind
from budgets.rules.court_orders import Order
from budgets.rules.payability import (
    Agreed,
    ArrangedPayment,
    ArrangedThirdParty,
    Payable,
    Payee,
    Record,
    Screened,
    Spell,
    decide,
    direct_payment_on,
    payee_on,
)
from eligibility.enums import DirectPaymentReason
from eligibility.models import Decision, Referral, Screening
from eligibility.rules.outcomes import DirectPayment
from eligibility.selectors.referrals import current_decision
from phb_register.dates import financial_year
from phb_register.models import Person
from phb_register.rules import display_name

NOT_A_REFUSAL = ("", DirectPaymentReason.EXCLUDED)


class Among(Func):
    """Many numbers for `…__in`, as one value: a list of thousands costs more to put in writing than to look up."""

    template = "(SELECT unnest(%(expressions)s))"

    def __init__(self, numbers: Iterable[int]) -> None:
        value = Value(list(numbers), output_field=ArrayField(BigIntegerField()))
        super().__init__(value, output_field=BigIntegerField())


def hindrances(items: Sequence[Payable]) -> dict[Payable, list[Problem]]:
    """What stands against each payment, with its remedy and the rule: an empty list where it may be made.

    One-offs are asked for the person's other direct payments in the financial year: those in the ledger, and those
    among `items`.
    """
    records = records_of({item.phb_id for item in items})
    others = _other_payments(items, records)
    return {item: decide(records[item.phb_id], item, others.get(item, 0)) for item in items}


def payees_on(items: Sequence[Payable]) -> dict[Payable, Payee]:
    """To whom each payment goes, as it was arranged for its day; without those that have nobody, and notional ones."""
    records = records_of({item.phb_id for item in items})
    found = {item: payee_on(records[item.phb_id], item) for item in items}
    return {item: payee for item, payee in found.items() if payee is not None}


def judged(items: Sequence[Payable]) -> dict[Payable, tuple[list[Problem], Payee | None]]:
    """Both at once, with what each is read from read once: what stands against each payment, and to whom it goes."""
    records = records_of({item.phb_id for item in items})
    others = _other_payments(items, records)
    return {
        item: (decide(records[item.phb_id], item, others.get(item, 0)), payee_on(records[item.phb_id], item))
        for item in items
    }


def records_of(phb_ids: Collection[int]) -> dict[int, Record]:
    """What the decision reads of each of these PHBs."""
    ids = Among(phb_ids)
    by_person: dict[int, list[int]] = defaultdict(list)
    by_referral: dict[int, int] = {}
    records: dict[int, Record] = {}
    rows = PersonalHealthBudget.objects.filter(pk__in=ids).order_by()
    columns = ("pk", "person_id", "referral_id", "person__born_on", "person__died_on", "started_on", "ended_on")
    for pk, person_id, referral_id, born_on, died_on, started_on, ended_on in rows.values_list(*columns):
        records[pk] = Record(person_id, born_on, died_on, started_on, ended_on)
        by_person[person_id].append(pk)
        by_referral[referral_id] = pk
    _read_agreed(records, ids)
    referrals = Among(by_referral)
    _read_plans(records, by_referral, referrals)
    _read_orders(records, by_person)
    _read_screenings(records, by_referral, referrals)
    _read_refusals(records, by_referral, referrals)
    _read_direct_payments(records, ids)
    _read_third_parties(records, ids)
    return records


def orders_of(person: Person) -> list[Order]:
    """The orders of a person that count, for a decision: whose they are, and not who may see them."""
    return _orders([person.pk]).get(person.pk, [])


def refused_on(referral: Referral) -> dt.date | None:
    """The day on which the decision that counts refused a direct payment; None where it did not.

    A refusal for an order in the Schedule lasts as long as the order, whose dates say whether it still stands.
    """
    decision = current_decision(referral)
    if decision is None or decision.direct_payment_reason in NOT_A_REFUSAL:
        return None
    return decision.decided_on


def _read_agreed(records: dict[int, Record], ids: Among) -> None:
    rows = AgreedBudget.objects.filter(phb__in=ids).order_by("phb_id", "number")
    for phb_id, rows_of in _grouped(rows.values_list("phb_id", "number", "applies_from", "proposal")):
        records[phb_id].agreed = [
            Agreed(number, applies_from, proposal is not None) for number, applies_from, proposal in rows_of
        ]


def _read_plans(records: dict[int, Record], by_referral: dict[int, int], referrals: Among) -> None:
    rows = SupportPlan.objects.filter(referral__in=referrals, status__in=COUNTS).order_by("referral_id")
    for referral_id, rows_of in _grouped(rows.values_list("referral_id", "in_force_from", "in_force_until")):
        records[by_referral[referral_id]].plans = [Spell(starts_on, ends_on) for starts_on, ends_on in rows_of]


def _orders(person_ids: Collection[int]) -> dict[int, list[Order]]:
    rows = CourtOrder.objects.counting().filter(person__in=Among(person_ids)).order_by("person_id", "first_day", "pk")
    columns = rows.values_list("person_id", "kind", "first_day", "last_day")
    return {person_id: [Order(*row) for row in rows_of] for person_id, rows_of in _grouped(columns)}


def _read_orders(records: dict[int, Record], by_person: dict[int, list[int]]) -> None:
    for person_id, orders in _orders(by_person).items():
        for pk in by_person[person_id]:
            records[pk].orders = orders


def _read_screenings(records: dict[int, Record], by_referral: dict[int, int], referrals: Among) -> None:
    rows = Screening.objects.filter(referral__in=referrals)
    latest = rows.order_by("referral_id", "-screened_at", "-pk").distinct("referral_id")
    columns = latest.values_list("referral_id", "assessed_on", "answer__direct_payment__permission")
    for referral_id, assessed_on, permission in columns:
        records[by_referral[referral_id]].screened = Screened(permission == DirectPayment.EXCLUDED, assessed_on)


def _read_refusals(records: dict[int, Record], by_referral: dict[int, int], referrals: Among) -> None:
    rows = Decision.objects.filter(referral__in=referrals)
    latest = rows.order_by("referral_id", "-number").distinct("referral_id")
    for referral_id, reason, decided_on in latest.values_list("referral_id", "direct_payment_reason", "decided_on"):
        if reason not in NOT_A_REFUSAL:
            records[by_referral[referral_id]].refused_on = decided_on


def _read_direct_payments(records: dict[int, Record], ids: Among) -> None:
    """As plain values: a model of each row and of all that it points to would cost more than the decision."""
    rows = DirectPaymentArrangement.objects.filter(phb__in=ids).order_by("phb_id", "starts_on")
    columns = rows.values_list(
        "phb_id", "starts_on", "ends_on", "end_reason", "payee", "capacity_basis", "representative__starts_on",
        "representative__ends_on", "consent_given_on", "nominee_is_close", "nominee_agreed_on",
        "commissioner_agreed_on", "dbs_seen_on", "nomination_withdrawn_on", "account_kind", "account_approved_on",
        "one_off_items", "payee_reference", "account_last_four", "account_holder__name", "nominee_name",
        "representative__name", "phb__person__family_name", "phb__person__given_name", named=True,
    )  # fmt: skip
    for row in columns:
        record = records[row.phb_id]
        record.direct_payments = [*record.direct_payments, _direct_payment_facts(row)]


def _direct_payment_facts(row: Any) -> ArrangedPayment:
    acts_from = row.representative__starts_on
    return ArrangedPayment(
        spell=Spell(row.starts_on, row.ends_on),
        was_stopped=row.end_reason == ArrangementEnd.STOPPED,
        payee=PayeeKind(row.payee),
        capacity_basis=CapacityBasis(row.capacity_basis),
        representative=Spell(acts_from, row.representative__ends_on) if acts_from else None,
        consent_given_on=row.consent_given_on,
        nominee_is_close=row.nominee_is_close,
        nominee_agreed_on=row.nominee_agreed_on,
        commissioner_agreed_on=row.commissioner_agreed_on,
        dbs_seen_on=row.dbs_seen_on,
        nomination_withdrawn_on=row.nomination_withdrawn_on,
        account_kind=row.account_kind,
        account_approved_on=row.account_approved_on,
        one_off_items=row.one_off_items,
        to=Payee(_account_name(row), row.payee_reference, row.account_last_four),
    )


def _account_name(row: Any) -> str:
    """As `DirectPaymentArrangement.account_name`."""
    if row.account_holder__name:
        return str(row.account_holder__name)
    if row.payee == PayeeKind.NOMINEE:
        return str(row.nominee_name)
    return str(row.representative__name or display_name(row.phb__person__family_name, row.phb__person__given_name))


def _read_third_parties(records: dict[int, Record], ids: Among) -> None:
    """The organisations that hold the money, and the suppliers of wheelchairs that people own."""
    rows = ThirdPartyArrangement.objects.filter(phb__in=ids).order_by("phb_id", "starts_on")
    organisation = ("organisation__closed_on", "organisation__name", "organisation__payee_reference")
    found: Iterable[Any] = rows.values_list("phb_id", "starts_on", "ends_on", "agreed_on", *organisation)
    chairs = WheelchairArrangement.objects.filter(phb__in=ids, option=WheelchairOption.THIRD_PARTY)
    supplier = ("supplier__closed_on", "supplier__name", "supplier__payee_reference")
    supplied = chairs.order_by("phb_id", "starts_on").values_list("phb_id", "starts_on", "ends_on", *supplier)
    found = [*found, *((phb_id, starts, ends, starts, *rest) for phb_id, starts, ends, *rest in supplied)]
    for phb_id, starts_on, ends_on, agreed_on, closed_on, name, reference in found:
        record = records[phb_id]
        facts = ArrangedThirdParty(Spell(starts_on, ends_on), agreed_on, closed_on, Payee(name, reference))
        record.third_parties = [*record.third_parties, facts]


def _other_payments(items: Sequence[Payable], records: dict[int, Record]) -> dict[Payable, int]:
    """For each one-off among the items, the person's other direct payments in its financial year."""
    own: list[Payable] = []
    for item in items:
        arranged = direct_payment_on(records[item.phb_id], item.covers)
        if item.method == Method.DIRECT_PAYMENT and arranged and arranged.account_kind == AccountKind.OWN:
            own.append(item)
    if not own:
        return {}
    people = {records[item.phb_id].person_id for item in own}
    counted = Counter(
        (records[item.phb_id].person_id, financial_year(item.pays_on).begins)
        for item in items
        if item.method == Method.DIRECT_PAYMENT and records[item.phb_id].person_id in people
    )
    for person_id, entered_on in direct_payments_made(people):
        counted[person_id, financial_year(entered_on).begins] += 1
    return {item: counted[records[item.phb_id].person_id, financial_year(item.pays_on).begins] - 1 for item in own}


def direct_payments_made(person_ids: Collection[int]) -> list[tuple[int, dt.date]]:
    """(person id, date) of every direct payment in the ledger to these people that was not reversed."""
    rows = LedgerEntry.objects.filter(phb__person__in=Among(person_ids), method=Method.DIRECT_PAYMENT)
    paid = rows.filter(kind=LedgerKind.PAYMENT, reversal__isnull=True).order_by()
    return list(paid.values_list("phb__person_id", "entered_on"))


def _grouped(rows: Iterable[Any]) -> Iterable[tuple[int, list[Any]]]:
    """Rows by their first column, which the others follow; the rows come in its order."""
    found: dict[int, list[Any]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(rest)
    return found.items()
