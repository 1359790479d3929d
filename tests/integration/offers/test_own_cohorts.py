"""Cohorts that a local offer has to itself: who may add them, where they can be named, and where they cannot."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from eligibility.services.referrals import accept_referral
from offers.models import Cohort, Contribution
from offers.services.cohorts import add_cohort
from phb_register.exceptions import Refused
from phb_register.models import CommissionerKind, PartnershipMember
from phb_register.roles import Role
from tests.factories.eligibility import NOTHING, make_referral, make_team
from tests.factories.offers import LocalOfferFactory, OfferLineFactory, submitted_edition
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db

ASTHMA = {"name": "Children with complex asthma", "description": "Children in hospital with asthma twice in a year."}


@pytest.fixture
def offer():
    return LocalOfferFactory()


@pytest.fixture
def writer(offer):
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)


@pytest.fixture
def own(offer, writer):
    return add_cohort(offer=offer, by=writer, **ASTHMA)


def add(offer):
    return reverse("offers:add-cohort", args=[offer.slug])


def test_cohort_added_can_be_put_on_the_timeline(client: Client, offer, writer):
    client.force_login(writer)

    page = client.post(add(offer), ASTHMA, follow=True)

    cohort = Cohort.objects.get(name=ASTHMA["name"])
    assert cohort.local_offer == offer
    assert cohort.code.startswith(offer.commissioner.code.lower())
    assert "can now be put on the timeline" in page.content.decode()
    OfferLineFactory(phase__local_offer=offer)
    grid = client.get(reverse("offers:timeline", args=[offer.slug])).content.decode()
    assert f'<option value="{cohort.code}">{cohort.name}</option>' in " ".join(grid.split())


def test_cohort_is_named_by_nobody_else(client: Client, own):
    other = LocalOfferFactory()
    stranger = UserFactory(role=Role.PHB_TEAM, role__commissioner=other.commissioner)
    client.force_login(stranger)
    OfferLineFactory(phase__local_offer=other)

    grid = client.get(reverse("offers:timeline", args=[other.slug])).content.decode()

    assert own.name not in grid
    assert own not in Cohort.objects.used_by([other.commissioner.pk])
    register = client.get(reverse("budgets:register")).content.decode()
    assert own.name not in register


def test_cohort_of_a_partnership_is_its_members(offer):
    partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    member = CommissionerFactory()
    PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=member.opened_on)
    cohort = Cohort.objects.create(code="a", name="A", local_offer=LocalOfferFactory(commissioner=partnership))

    assert cohort in Cohort.objects.used_by([member.pk])
    assert cohort not in Cohort.objects.used_by([offer.commissioner.pk])


@pytest.mark.parametrize("name", ["Children with complex asthma", "children with COMPLEX asthma", "End of life"])
def test_name_that_is_there_already_is_refused_and_nothing_typed_is_lost(client: Client, offer, writer, own, name):
    client.force_login(writer)

    page = client.post(add(offer), {"name": name, "description": "Somebody else."})

    assert page.status_code == 422
    assert "There is a cohort of this name already" in page.content.decode()
    assert "Somebody else." in page.content.decode()


def test_two_offers_may_have_a_cohort_of_one_name(own):
    other = LocalOfferFactory()
    by = UserFactory(role=Role.PHB_TEAM, role__commissioner=other.commissioner)

    again = add_cohort(offer=other, by=by, **ASTHMA)

    assert again.name == own.name
    assert again.code != own.code


def test_database_refuses_a_name_twice_in_the_shared_list():
    Cohort.objects.create(code="one", name="One")
    with pytest.raises(IntegrityError):
        Cohort.objects.create(code="other", name="One")


def test_long_names_that_begin_alike_get_codes_of_their_own(offer, writer):
    codes = {
        add_cohort(offer=offer, by=writer, name=f"{'Young people ' * 5}{number}", description="x").code
        for number in range(3)
    }
    assert len(codes) == 3
    assert all(len(code) <= 40 for code in codes)


def test_cohort_is_described_anew_and_keeps_its_code(client: Client, offer, writer, own):
    client.force_login(writer)
    code = own.code
    address = reverse("offers:cohort", args=[offer.slug, code])

    client.post(address, {"name": "Children with asthma", "description": "Wider."})

    own.refresh_from_db()
    assert (own.name, own.description, own.code) == ("Children with asthma", "Wider.", code)
    assert [each.by for each in Contribution.objects.filter(kind="timeline")] == [writer]
    assert "Wider." in client.get(address).content.decode()


def test_shared_cohort_is_not_changed_from_an_offer(client: Client, offer, writer):
    client.force_login(writer)
    assert client.get(reverse("offers:cohort", args=[offer.slug, "chc"])).status_code == 404


def test_name_stays_while_an_edition_waits_for_a_decision(client: Client, offer, writer, own):
    submitted_edition(local_offer=offer)
    client.force_login(writer)

    page = client.post(reverse("offers:cohort", args=[offer.slug, own.code]), {"name": "Other", "description": "Other"})

    assert page.status_code == 422
    own.refresh_from_db()
    assert own.name == ASTHMA["name"]


def test_only_writers_add_cohorts(offer):
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=offer.commissioner)
    with pytest.raises(PermissionDenied):
        add_cohort(offer=offer, by=board, **ASTHMA)


def test_referral_is_not_accepted_into_the_cohort_of_another_offer(client: Client, own):
    other = LocalOfferFactory()
    referral = make_referral(other.commissioner, facts=NOTHING)
    team = make_team(other.commissioner)
    client.force_login(team)

    page = client.get(reverse("eligibility:accept", args=[referral.reference])).content.decode()

    assert "End of life" in page
    assert own.name not in page
    with pytest.raises(Refused):
        accept_referral(referral=referral, cohort=own, by=team, note="They need it.")
