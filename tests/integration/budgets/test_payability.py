"""What stands against payments in bulk: the same as a slow look at each, in as many reads for one as for all."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

import pgtrigger
import pgtrigger.registry
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.enums import AccountKind, ArrangementEnd, CapacityBasis, Method, PayeeKind, PlanStatus, WheelchairOption
from budgets.exceptions import BudgetRefused
from budgets.models import (
    AgreedBudget,
    CourtOrder,
    DirectPaymentArrangement,
    PersonalHealthBudget,
    SupportPlan,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.rules.agreement import MethodAmount
from budgets.rules.payability import Payable
from budgets.selectors.payability import hindrances, payees_on
from budgets.services.court_orders import change_last_day, record_order, withdraw_order
from budgets.services.lifecycle import change_methods
from eligibility.models import Decision, Screening
from offers.models import Cohort
from phb_register.models import Commissioner, Representative, User
from tests.factories.arrangements import SupportOrganisationFactory, make_arrangement, make_representative
from tests.factories.budgets import bare_budget, make_budget
from tests.factories.eligibility import make_team
from tests.factories.payments import payable_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

START = dt.date(2026, 4, 1)
DAY = dt.timedelta(days=1)


def day_of(rng: Random) -> dt.date:
    return START + DAY * rng.randrange(0, 40)


def span(rng: Random) -> tuple[dt.date, dt.date | None]:
    first = day_of(rng)
    return first, first + DAY * rng.randrange(0, 25) if rng.random() < 0.5 else None


def perhaps(rng: Random, chance: float = 0.8) -> dt.date | None:
    return day_of(rng) if rng.random() < chance else None


def a_register(rng: Random, icb: Commissioner, user: User) -> list[PersonalHealthBudget]:
    """Budgets of which anything may be missing, too early or over; written past the services, which would refuse."""
    fund = SupportOrganisationFactory(commissioner=icb, closed_on=START + 41 * DAY)
    other = SupportOrganisationFactory(commissioner=icb, payee_reference="")
    phbs = []
    for _ in range(24):
        method = rng.choice(list(Method))
        if rng.random() < 0.75:
            phb = payable_budget(icb, by=user, started_on=day_of(rng), method=method)
        else:
            cohort = Cohort.objects.get(code=rng.choice(["chc", "wheelchair"]))
            born_on = dt.date(2010, 4, rng.randrange(1, 29))
            person = PersonFactory(commissioner=icb, born_on=born_on)
            starts = day_of(rng)
            phb = bare_budget(
                icb, cohort=cohort, agreed_on=starts, started_on=starts if rng.random() < 0.8 else None,
                person=person, methods=[method], by=user,
            )  # fmt: skip
        _die_or_end(rng, phb)
        if rng.random() < 0.8:
            _plan(rng, phb, user)
        if rng.random() < 0.5:
            first, last = span(rng)
            CourtOrder.objects.create(
                person=phb.person, kind="scottish", first_day=first, last_day=last, evidence_seen_on=first,
                recorded_by=user,
                **({"withdrawn_on": first, "withdrawal_reason": "Wrong"} if rng.random() < 0.3 else {}),
            )  # fmt: skip
        if rng.random() < 0.8:
            _direct_payment(rng, phb, user)
        if rng.random() < 0.6:
            starts_on, ends_on = span(rng)
            ThirdPartyArrangement.objects.create(
                phb=phb, organisation=rng.choice([fund, other]), starts_on=starts_on, ends_on=ends_on,
                end_reason="replaced" if ends_on else "", agreed_on=perhaps(rng), recorded_by=user,
            )  # fmt: skip
        elif phb.cohort.code == "wheelchair":
            WheelchairArrangement.objects.create(
                phb=phb, option=WheelchairOption.THIRD_PARTY, owner="person", repairer="person", supplier=fund,
                starts_on=START, expires_on=START + 900 * DAY, recorded_by=user,
            )  # fmt: skip
        phbs.append(phb)
    return phbs


def _die_or_end(rng: Random, phb: PersonalHealthBudget) -> None:
    if rng.random() < 0.15:
        phb.person.died_on = day_of(rng)
        phb.person.save(update_fields=["died_on"])
    if phb.started_on and rng.random() < 0.2:
        phb.ended_on, phb.end_reason = phb.started_on + DAY * rng.randrange(0, 20), "died"
        phb.save(update_fields=["ended_on", "end_reason"])


def _plan(rng: Random, phb: PersonalHealthBudget, user: User) -> None:
    """A plan that is in force for a while; how it came to be signed is tested elsewhere."""
    first, last = span(rng)
    values = {"referral": phb.referral, "started_on": first, "started_by": user, "checklist": "2014"}
    with unguarded("budgets.SupportPlan"):
        plan = SupportPlan.objects.create(number=1, **values)
        SupportPlan.objects.filter(pk=plan.pk).update(
            status=PlanStatus.SUPERSEDED if last else PlanStatus.SIGNED,
            proposed_on=first,
            proposed_by=user,
            in_force_from=first,
            in_force_until=last,
        )


def unguarded(*models: str) -> Any:
    """Without the triggers of these models, to write what services would not."""
    return pgtrigger.ignore(*(uri for uri in pgtrigger.registry._registry if uri.partition(":")[0] in models))


def _direct_payment(rng: Random, phb: PersonalHealthBudget, user: User) -> None:
    starts_on, ends_on = span(rng)
    payee = rng.choice(list(PayeeKind))
    own = [CapacityBasis.PRESUMED, CapacityBasis.ASSESSED]
    others = [CapacityBasis.CHILD, CapacityBasis.LACKS]
    basis = rng.choice({PayeeKind.PATIENT: own, PayeeKind.REPRESENTATIVE: others}.get(payee, own + others))
    acting = None
    if basis in others:
        acting = make_representative(phb.person, starts_on=day_of(rng))
        acting.ends_on = acting.starts_on + 15 * DAY if rng.random() < 0.4 else None
        acting.save(update_fields=["ends_on"])
    row = DirectPaymentArrangement(
        phb=phb, starts_on=starts_on, ends_on=ends_on, recorded_by=user, payee=payee, capacity_basis=basis,
        end_reason=rng.choice([ArrangementEnd.STOPPED, ArrangementEnd.REPLACED]) if ends_on else "",
        capacity_assessed_on=START if basis in (CapacityBasis.ASSESSED, CapacityBasis.LACKS) else None,
        representative=acting, consent_given_on=perhaps(rng),
    )  # fmt: skip
    if payee == PayeeKind.NOMINEE:
        row.nominee_name, row.nominee_relationship = "Pat Testfamily", "Friend"
        row.nominee_is_close, row.nominated_on = rng.random() < 0.5, START
        row.nominee_agreed_on, row.commissioner_agreed_on = perhaps(rng), perhaps(rng)
        row.dbs_seen_on = perhaps(rng)
        row.nomination_withdrawn_on = perhaps(rng, 0.2)
        row.withdrawal_note = "Gone" if row.nomination_withdrawn_on else ""
    if rng.random() < 0.85:
        row.account_kind = rng.choice([AccountKind.DEDICATED, AccountKind.PREPAID_CARD, AccountKind.OWN])
        row.one_off_items = 2 if row.account_kind == AccountKind.OWN else None
        row.account_last_four, row.account_names, row.payee_reference = "1234", ["Pat"], "P1"
        row.account_approved_on, row.account_approved_by = day_of(rng), user
    row.save()


def naive(item: Payable, others: int) -> set[str]:
    """The codes of what stands against one payment, each rule looked up by itself, as a person would."""
    phb = PersonalHealthBudget.objects.get(pk=item.phb_id)
    on, asked = item.pays_on, item.pays_on if item.paid_until is None else min(item.pays_on, item.paid_until)
    found = set()
    in_place = PersonalHealthBudget.objects.in_place_on(asked).filter(pk=phb.pk).exists()
    if not in_place or (phb.person.died_on and phb.person.died_on <= on):
        found.add("in_place")
    agreed = AgreedBudget.objects.in_force_on(asked).filter(phb=phb).first()
    if agreed is None or agreed.proposal is None:
        found.add("agreed")
    if item.method == Method.THIRD_PARTY:
        return found | _naive_third_party(phb, asked, on)
    if item.method == Method.DIRECT_PAYMENT:
        return found | _naive_direct_payment(phb, asked, on, others)
    return found


def _naive_third_party(phb: PersonalHealthBudget, asked: dt.date, on: dt.date) -> set[str]:
    held = ThirdPartyArrangement.objects.in_force_on(asked).filter(phb=phb).first()
    chair = WheelchairArrangement.objects.in_force_on(asked).filter(phb=phb, option="third_party").first()
    if held is not None:
        is_well = held.agreed_on is not None and held.agreed_on <= on
        return (
            set()
            if is_well and held.organisation.is_open_on(on) and held.organisation.payee_reference
            else {"third_party"}
        )
    if chair is not None and chair.supplier is not None and chair.supplier.is_open_on(on):
        return set()
    return {"third_party"}


def _naive_direct_payment(phb: PersonalHealthBudget, asked: dt.date, on: dt.date, others: int) -> set[str]:
    found = set()
    orders = CourtOrder.objects.filter(person=phb.person, withdrawn_on=None, first_day__lte=on)
    if any(order.last_day is None or order.last_day >= on for order in orders):
        found.add("not_possible")
    if not SupportPlan.objects.in_force_on(asked).filter(referral=phb.referral).exists():
        found.add("plan")
    row = DirectPaymentArrangement.objects.in_force_on(asked).filter(phb=phb).first()
    if row is None:
        return found | {"payee"}
    if row.end_reason == ArrangementEnd.STOPPED and row.ends_on is not None and row.ends_on <= on:
        found.add("payee")
    age = phb.person.age_on(on)
    if row.capacity_basis in ("presumed", "assessed"):
        is_able = age >= 16
    else:
        acting = Representative.objects.acting_on(on).filter(pk=row.representative_id).exists()
        is_able = acting and not (row.capacity_basis == "child" and age >= 16)
    if not is_able:
        found.add("payee")
    if row.consent_given_on is None or row.consent_given_on > on:
        found.add("consent")
    if row.payee == PayeeKind.NOMINEE:
        needed = [row.nominee_agreed_on, row.commissioner_agreed_on]
        needed += [] if row.nominee_is_close else [row.dbs_seen_on]
        is_gone = row.nomination_withdrawn_on is not None and row.nomination_withdrawn_on <= on
        if is_gone or any(each is None or each > on for each in needed):
            found.add("nominee")
    if not row.account_kind or row.account_approved_on is None or row.account_approved_on > on:
        found.add("account")
    if row.account_kind == AccountKind.OWN and others:
        found.add("account")
    return found


@pytest.mark.parametrize("seed", [1, 3])
def test_hindrances_in_bulk_are_those_found_one_by_one(seed: int) -> None:
    rng = Random(seed)
    icb, user = CommissionerFactory(), UserFactory()
    phbs = a_register(rng, icb, user)
    items = []
    for phb in phbs:
        for _ in range(4):
            pays_on = day_of(rng) + 5 * DAY
            until = pays_on - DAY * rng.randrange(0, 12) if rng.random() < 0.3 else None
            items.append(Payable(phb.pk, rng.choice(list(Method)), pays_on, until))
    items = list(dict.fromkeys(items))
    found = hindrances(items)
    people = {phb.pk: phb.person_id for phb in phbs}
    for item in items:
        same_year = [
            each
            for each in items
            if each != item and each.method == Method.DIRECT_PAYMENT and people[each.phb_id] == people[item.phb_id]
        ]
        assert {problem.field for problem in found[item]} == naive(item, len(same_year)), item
    # Or the register would be one in which nothing is right, or nothing wrong.
    clear = [item for item in items if not found[item]]
    assert 0 < len(clear) < len(items) / 2
    paid_to = payees_on(items)
    assert all(item in paid_to for item in clear if item.method != Method.NOTIONAL)
    arranged = [
        (item, DirectPaymentArrangement.objects.in_force_on(item.covers).filter(phb=item.phb_id).first())
        for item in items
        if item.method == Method.DIRECT_PAYMENT
    ]
    assert {item: row.account_name for item, row in arranged if row} == {
        item: paid_to[item].name for item, _ in arranged if item in paid_to
    }


def test_bulk_takes_as_many_reads_for_many_as_for_one() -> None:
    icb, user = CommissionerFactory(), UserFactory()
    phbs = [payable_budget(icb, by=user, method=Method.DIRECT_PAYMENT) for _ in range(6)]
    team = make_team(icb)
    for phb in phbs:
        make_arrangement(phb, team, starts_on=START)
    counts = []
    for some in (phbs[:1], phbs):
        with CaptureQueriesContext(
            connection,
        ) as reads:
            hindrances([Payable(phb.pk, method, START + DAY * n) for phb in some for method in Method for n in (1, 40)])
        counts.append(len(reads))
    assert counts[0] == counts[1] == 9


def test_refusal_that_stands_and_screening_that_excludes_hinder(icb: Commissioner, team: User) -> None:
    phb = make_budget(icb, by=team)
    payable = Payable(phb.pk, Method.DIRECT_PAYMENT, phb.agreed_on)
    assert "refused" not in [problem.field for problem in hindrances([payable])[payable]]
    with unguarded("eligibility.Decision", "eligibility.Screening"):
        Decision.objects.filter(referral=phb.referral).update(
            direct_payment_reason="cannot_manage", direct_payment_explanation="Why", reconsideration_route="Write to us"
        )
        screening = Screening.objects.get(referral=phb.referral)
        answer = {
            **screening.answer,
            "direct_payment": {**screening.answer["direct_payment"], "permission": "excluded"},
        }
        Screening.objects.filter(pk=screening.pk).update(answer=answer)
    found = [problem.field for problem in hindrances([payable])[payable]]
    assert {"refused", "not_possible"} <= set(found)


@pytest.fixture
def icb() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(icb: Commissioner) -> User:
    return make_team(icb)


def test_case_31_direct_payment_is_prohibited_while_the_order_lasts(icb: Commissioner, team: User) -> None:
    started = dt.date(2026, 11, 2)
    phb = make_budget(icb, by=team, agreed_on=started, started_on=started)
    order = record_order(
        person=phb.person, by=team, kind="alcohol_treatment", first_day=dt.date(2026, 10, 1),
        last_day=dt.date(2026, 11, 9), evidence_seen_on=dt.date(2026, 10, 5),
    )  # fmt: skip
    paid = [MethodAmount(Method.DIRECT_PAYMENT, Decimal("52000.00"))]
    with pytest.raises(BudgetRefused, match="prohibited") as refused:
        change_methods(phb=phb, by=team, changed_on=dt.date(2026, 11, 9), methods=paid, is_free_of_orders=True)
    assert "Schedule (b)" in str(refused.value)
    assert "notional or third party" in str(refused.value)
    # The budget stays, also as a third-party one.
    held = [MethodAmount(Method.THIRD_PARTY, Decimal("52000.00"))]
    phb = change_methods(phb=phb, by=team, changed_on=dt.date(2026, 11, 5), methods=held)
    assert phb.ended_on is None
    changed = change_methods(phb=phb, by=team, changed_on=dt.date(2026, 11, 10), methods=paid, is_free_of_orders=True)
    assert changed.method_parts.in_force_on(dt.date(2026, 11, 10)).get().method == Method.DIRECT_PAYMENT
    # Made longer, it hinders the very payment that was possible before; withdrawn as an error, none.
    payable = Payable(phb.pk, Method.DIRECT_PAYMENT, dt.date(2026, 11, 12))
    assert "not_possible" not in [problem.field for problem in hindrances([payable])[payable]]
    change_last_day(order=order, by=team, last_day=dt.date(2026, 11, 12))
    assert "not_possible" in [problem.field for problem in hindrances([payable])[payable]]
    withdraw_order(order=order, by=team, reason="Another person of that name")
    assert "not_possible" not in [problem.field for problem in hindrances([payable])[payable]]
