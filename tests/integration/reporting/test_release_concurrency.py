"""Two readers who are shown figures for the first time at one moment: on the real database with real threads."""

import datetime as dt

import pytest
from django.db import transaction

from offers.models import Cohort
from phb_register import reference
from phb_register.models import CommissionerKind, PartnershipMember
from phb_register.roles import Role
from reporting.models import FigureRelease
from reporting.selectors.scope import counted
from reporting.services.releases import release_for
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

AS_AT, STARTED = dt.date(2026, 10, 31), dt.date(2026, 5, 1)


def test_first_showings_at_one_moment_are_one_release_and_see_each_other() -> None:
    reference.load_all(plan=[])
    partnership, member, other = (
        CommissionerFactory(kind=kind) for kind in (CommissionerKind.PARTNERSHIP, *[CommissionerKind.CCG] * 2)
    )
    for body, number in ((member, 9), (other, 2)):
        PartnershipMember.objects.create(partnership=partnership, member=body, starts_on=body.opened_on)
        for _ in range(number):
            with transaction.atomic():
                bare_budget(body, cohort=Cohort.objects.get(code="chc"), agreed_on=STARTED, started_on=STARTED)
    shown_to = [
        (UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body), counted(body, AS_AT))
        for body in (partnership, partnership, member, member)
    ]
    releases = at_once(
        *(lambda user=user, scope=scope: release_for(user, scope, purpose="dashboard") for user, scope in shown_to)
    )
    assert FigureRelease.objects.filter(commissioner__in=[partnership, member]).count() == 2
    whole, again, part, too = (each.cell("phbs_in_place").value for each in releases)
    assert (whole, part) == (again, too)
    # The other member has two: of the whole and the part beside it, one is hidden, whoever came first.
    assert (whole, part) in {(None, 9), (11, None), (None, None)}
