"""The demonstration's work on waiting referrals: done once, and of every kind."""

import datetime as dt

import pytest

from eligibility.demonstration import pathway as demonstration
from eligibility.models import Referral, ReferralPause
from eligibility.selectors.worklists import WorklistCode, worklist
from phb_register import clock
from phb_register.models import AccessLogEntry
from tests.factories.eligibility import make_nurse, make_referral, make_team
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db


def test_demonstration_puts_something_on_each_worklist_once() -> None:
    icb, today = CommissionerFactory(), clock.today()
    users = [make_team(icb), make_team(icb)]
    for user, email in zip(users, (demonstration.TEAM, demonstration.LEAD), strict=True):
        user.email = email
        user.save()
    nurse = make_nurse(icb)
    for ago in (31, 27, 26, 24, 21, 17, 3, 1):
        make_referral(icb, by=nurse, received_on=today - dt.timedelta(days=ago))
    for _ in range(2):
        demonstration.load(lambda done, total: None)
        assert Referral.objects.filter(allocated_to__isnull=False).count() == 5
        assert ReferralPause.objects.count() == 3
        assert ReferralPause.objects.filter(ended_on__isnull=True).count() == 2
        assert AccessLogEntry.objects.filter(action="referral-acknowledge").count() == 6
    lists = {code.value: worklist(code, users[0], today).count() for code in WorklistCode}
    assert lists == {"overdue": 1, "due": 2, "mine": 3, "waiting": 1, "unallocated": 3, "acknowledge": 2}
