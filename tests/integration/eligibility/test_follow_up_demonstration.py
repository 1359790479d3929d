"""The demonstration's step: through the services, once, whatever the day."""

import datetime as dt

import pytest

from eligibility.demonstration import follow_up
from eligibility.models import BudgetOffer, PersonTransfer, Reconsideration, ResponsibilityCheck
from eligibility.services.referrals import accept_referral, decline_referral
from offers.models import Cohort
from phb_register import demonstration
from phb_register.models import Commissioner, User
from tests.factories.aftermath import REFUSAL
from tests.factories.eligibility import make_referral
from tests.factories.phb_register import PersonFactory

pytestmark = pytest.mark.django_db


def test_step_makes_one_of_each_and_a_second_run_nothing() -> None:
    demonstration.load(lambda done, total: None)
    icb, team = Commissioner.objects.get(code="QK1"), User.objects.get(email="team@llr.example.nhs.uk")
    for _ in range(2):
        decline_referral(referral=make_referral(icb), by=team, on=dt.date(2026, 11, 5), **REFUSAL)
        accept_referral(referral=make_referral(icb), cohort=Cohort.objects.get(code="chc"), by=team)
        make_referral(icb)
    PersonFactory(commissioner=icb)
    counted = []
    for _ in range(2):
        follow_up.load(lambda done, total: None)
        tables = (Reconsideration, BudgetOffer, PersonTransfer, ResponsibilityCheck)
        counted.append([table.objects.count() for table in tables])
    assert counted == [[2, 2, 1, 1]] * 2
    assert set(Reconsideration.objects.values_list("status", flat=True)) == {"requested", "notified"}
    transfer = PersonTransfer.objects.get()
    assert (transfer.status, transfer.to_commissioner.code) == ("waiting", "QSL")
