"""What a phase cap is held against: the numbers of the dashboard, as the reader may see them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from offers.budgets_now import budgets_now
from offers.models import Cohort
from offers.selectors.programme import for_board_pack
from phb_register.roles import Role
from tests.factories.offers import LocalOfferFactory, PhaseFactory
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.programme import make_entry
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 2, 7)


@pytest.fixture
def register():
    """Seven with CHC, two with continuing care: the two can be told from the total, so CHC is hidden with them."""
    commissioner = CommissionerFactory()
    for cohort in ["chc"] * 7 + ["continuing-care"] * 2:
        make_spell(commissioner, cohort_code=cohort)
    return commissioner


def test_case_team_sees_every_number_and_others_none_that_tells_of_anybody(register):
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=register)
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=register)
    codes = ("chc", "continuing-care", "wheelchair", None)
    seen = {reader: [budgets_now(register, DAY, reader)[code].text for code in codes] for reader in (team, board, None)}
    assert seen[team] == ["7", "2", "0", "9"]
    assert seen[board] == seen[None] == ["*", "*", "0", "9"]


def test_cap_on_the_page_says_what_the_register_holds(client, register):
    offer = LocalOfferFactory(commissioner=register, slug="testshire")
    phase = PhaseFactory(local_offer=offer, name="Phase 1")
    make_entry(offer, "phase-caps", phase=phase, people=20)
    make_entry(offer, "phase-caps", phase=phase, people=5, cohort=Cohort.objects.get(code="chc"))
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=register))
    page = client.get(reverse("offers:programme-tool", args=["testshire", "phase-caps"])).content.decode()
    assert "2 over" in page
    with time_machine.travel(dt.datetime(2017, 2, 7, 12, tzinfo=dt.UTC), tick=False):
        client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=register))
        page = client.get(reverse("offers:programme-tool", args=["testshire", "phase-caps"])).content.decode()
    assert "9, 31 January 2017" in page
    rows = for_board_pack(offer, as_at=DAY)[0].rows
    assert [row[-2:] for row in rows] == [("9", "11"), ("*", "*")]
