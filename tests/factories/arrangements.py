"""Arrangements made through the services as the pages make them."""

import datetime as dt
from typing import Any

import factory

from budgets.enums import AccountKind, CapacityBasis, PayeeKind, SupportKind
from budgets.models import DirectPaymentArrangement, PersonalHealthBudget, SupportOrganisation
from budgets.rules.arrangements import Nominee
from budgets.services.arrangements import AccountGiven, PayeeGiven, arrange_direct_payment
from budgets.services.court_orders import record_order
from budgets.services.other_arrangements import arrange_third_party
from phb_register.models import Commissioner, LegalBasis, Person, Representative, User
from tests.factories.budgets import make_budget
from tests.factories.phb_register import CommissionerFactory

ARRANGED_ON = dt.date(2026, 11, 10)


class SupportOrganisationFactory(factory.django.DjangoModelFactory[SupportOrganisation]):
    """An organisation that holds individual service funds."""

    class Meta:
        model = SupportOrganisation

    commissioner = factory.SubFactory(CommissionerFactory)
    name = factory.Sequence(lambda n: f"Testing Fund {n}")
    kinds = factory.LazyFunction(lambda: [SupportKind.THIRD_PARTY.value])
    payee_reference = factory.Sequence(lambda n: f"V{n:05d}")


def own_account(approved_on: dt.date = ARRANGED_ON, **given: Any) -> AccountGiven:
    """An account for direct payments alone."""
    values: dict[str, Any] = {
        "kind": AccountKind.DEDICATED,
        "last_four": "1234",
        "names": ("Testa Testfamily",),
        "payee_reference": "P00001",
        "approved_on": approved_on,
        **given,
    }
    return AccountGiven(**values)


def patient(consent_given_on: dt.date | None = ARRANGED_ON) -> PayeeGiven:
    """The person, who has capacity and consents."""
    return PayeeGiven(PayeeKind.PATIENT, CapacityBasis.PRESUMED, consent_given_on=consent_given_on)


def nominated(nominated_on: dt.date = ARRANGED_ON, **given: Any) -> PayeeGiven:
    """A sister in the same household, whom the person chose and who has not agreed yet."""
    values: dict[str, Any] = {
        "name": "Pat Testfamily",
        "relationship": "Sister",
        "is_close": True,
        "nominated_on": nominated_on,
        **given,
    }
    return PayeeGiven(
        PayeeKind.NOMINEE, CapacityBasis.PRESUMED, consent_given_on=nominated_on, nominee=Nominee(**values)
    )


def make_arrangement(
    phb: PersonalHealthBudget,
    by: User,
    *,
    starts_on: dt.date = ARRANGED_ON,
    given: PayeeGiven | None = None,
    account: AccountGiven | None = None,
) -> DirectPaymentArrangement:
    """A direct payment to the person into an account of its own, unless something else is given."""
    return arrange_direct_payment(
        phb=phb,
        by=by,
        starts_on=starts_on,
        given=given or patient(starts_on),
        account=account or own_account(starts_on),
    )


def make_representative(
    person: Person, *, starts_on: dt.date = dt.date(2013, 8, 1), basis: LegalBasis = LegalBasis.DEPUTY, **given: Any
) -> Representative:
    """Somebody who acts for a person since the law began."""
    values = {"name": "Robin Testfamily", "relationship": "Parent", **given}
    return person.representatives.create(legal_basis=basis, starts_on=starts_on, evidence_seen_on=starts_on, **values)


def arranged(commissioner: Commissioner, by: User) -> dict[str, dict[str, Any]]:
    """One of each kind with the parameter of its addresses, by the name that these begin with."""
    phb = make_budget(commissioner, by=by)
    given = nominated(phb.agreed_on)
    paid = arrange_direct_payment(phb=phb, by=by, starts_on=phb.agreed_on, given=given)
    fund = SupportOrganisationFactory(commissioner=commissioner)
    held = arrange_third_party(phb=phb, by=by, organisation=fund, starts_on=phb.agreed_on)
    order = record_order(
        person=phb.person,
        by=by,
        kind="alcohol_treatment",
        first_day=phb.agreed_on,
        evidence_seen_on=phb.agreed_on,
    )
    payment, person = {"reference": paid.reference}, {"reference": phb.person.reference}
    return {
        "budgets:complete-direct-payment": payment,
        "budgets:approve-account": payment,
        "budgets:withdraw-nomination": payment,
        "budgets:sign-third-party": {"reference": held.reference},
        "budgets:court-orders": person,
        "budgets:record-court-order": person,
        "budgets:change-court-order": {"reference": order.reference},
        "budgets:withdraw-court-order": {"reference": order.reference},
        "budgets:support-organisation": {"reference": fund.reference},
        "budgets:change-support-organisation": {"reference": fund.reference},
    }
