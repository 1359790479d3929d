"""The top of the dashboard, its filters and its further pages; and commissioners beside each other."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from offers.enums import LineStatus
from phb_register.models import Commissioner
from phb_register.roles import Permission, Role
from reporting.presenters.further import FURTHER
from tests.factories.offers import LocalOfferFactory, OfferLineFactory, PhaseFactory
from tests.factories.phb_register import CommissionerFactory, PopulationFactory, UserFactory
from tests.factories.reporting import cohort, make_spell

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 1, 31)
#: What the page reads for somebody who may not see people, once its figures were shown.
PINNED = 22


@pytest.fixture
def icb():
    commissioner = CommissionerFactory(name="Testing ICB")
    PopulationFactory(commissioner=commissioner, people=10_000)
    for _ in range(9):
        make_spell(commissioner)
    return commissioner


def sign_in(client, role, commissioner):
    client.force_login(UserFactory(role=role, role__commissioner=commissioner))


def page(client, commissioner, path="", **query):
    return client.get(f"/dashboard/{commissioner.code}/{path}", {"as_at": DAY.isoformat(), **query})


def words(response):
    text = re.sub(r"<svg.*?</svg>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_dashboard_answers_the_three_questions(client, icb):
    phase = PhaseFactory(local_offer=LocalOfferFactory(commissioner=icb), starts_on=dt.date(2016, 4, 1))
    for code in ("chc", "wheelchair"):
        OfferLineFactory(phase=phase, cohort=cohort(code), status=LineStatus.LIVE)
    sign_in(client, Role.PHB_TEAM, icb)
    text = words(page(client, icb))
    assert "Are we on course? No date set 1 are missing to the lower target of 10." in text
    nobody = f"On the local offer and nobody has a budget yet: {cohort('wheelchair').name}."
    assert f"Where not? 1 gap {nobody}" in text
    assert "What next? Set a date" in text
    assert "Agreed and waiting to start: 0 ." in text


def test_dashboard_without_an_offer_says_that_gaps_are_not_known(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    assert "Where not? Not known There is no local offer" in words(page(client, icb))


def test_filters_narrow_the_page_and_take_the_target_away(client, icb):
    make_spell(icb, cohort_code="s117")
    sign_in(client, Role.PHB_TEAM, icb)
    text = words(page(client, icb, cohort="s117"))
    assert "Only a part is counted, or what was known. Cohort: " in text
    assert "Personal health budgets in place 1 " in text
    assert "Targets and trajectories are of all budgets together" in text
    assert "cohort=s117" in page(client, icb, cohort="s117").content.decode()


def test_every_measure_of_the_page_is_explained_on_it(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    text = words(page(client, icb))
    for heading in ("In place, and by whom", "Begun, ended and counted", "Among the people eligible"):
        assert f"What these figures mean: {heading}" in text
    assert "No list stands behind it: it is worked out from other figures." in text


@pytest.mark.parametrize("role", [Role.PHB_TEAM, Role.GOVERNING_BODY])
def test_dashboard_leads_on_to_the_pages_that_its_reader_may_open(client, icb, role):
    sign_in(client, role, icb)
    content = page(client, icb).content.decode()
    pages = {each.name: reverse(f"reporting:{each.name}", args=[icb.code]) for each in FURTHER}
    shown = {name for name, address in pages.items() if f'href="{address}' in content}
    settings = {each.name for each in FURTHER if Permission.MANAGE_SETTINGS in each.permissions}
    assert settings & shown == (settings if role == Role.PHB_TEAM else set())
    assert {"pace", "pathway", "variation", "equity"} <= shown
    assert f'{pages["pace"]}?as_at=2017-01-31"' in content


def test_further_pages_are_named_once():
    assert len({page.name for page in FURTHER}) == len(FURTHER)


@pytest.fixture
def partnership(icb):
    """Two commissioners, the other one smaller and without anybody."""
    found = CommissionerFactory(kind="partnership", name="Both")
    other = CommissionerFactory(name="Other ICB")
    PopulationFactory(commissioner=other, people=5_000)
    for member in (icb, other):
        found.members.create(member=member, starts_on=dt.date(2013, 4, 1))
    return found


def test_commissioners_stand_beside_each_other_with_those_below_first(client, partnership):
    sign_in(client, Role.PHB_TEAM, partnership)
    text = words(page(client, partnership))
    assert text.index("Other ICB") < text.index("Testing ICB")
    assert "Below the lower target: 2 of 2 commissioners." in text


def test_partnership_of_one_is_not_told_of_it_twice(client, icb):
    alone = CommissionerFactory(kind="partnership", name="Alone")
    alone.members.create(member=icb, starts_on=dt.date(2013, 4, 1))
    sign_in(client, Role.PHB_TEAM, alone)
    text = words(page(client, alone))
    assert "Commissioner by commissioner" in text
    assert "Below the lower target" not in text


def test_reader_who_may_not_see_people_gets_each_dashboards_own_figure(client, partnership, icb):
    sign_in(client, Role.GOVERNING_BODY, partnership)
    text = words(page(client, partnership))
    assert re.search(r"Testing ICB In place 9 Population 10,000 Per 1,000 people 0\.900", text)
    # Somebody who comes late into the register changes neither what is shown here, nor the dashboard of the member.
    make_spell(icb)
    assert re.search(r"Testing ICB In place 9 ", words(page(client, partnership)))
    assert "Personal health budgets in place 9 " in words(page(client, icb))


def test_england_lists_every_commissioner_of_the_day(client):
    england = Commissioner.objects.get(code="ENG")
    sign_in(client, Role.ANALYST, england)
    text = words(client.get("/dashboard/ENG/", {"as_at": "2024-03-31"}))
    assert len(re.findall(r"Against the lower target", text)) == 43
    assert "Download every figure" in text


def test_second_showing_to_other_readers_counts_nothing(client, icb, django_assert_num_queries):
    sign_in(client, Role.GOVERNING_BODY, icb)
    page(client, icb)
    with django_assert_num_queries(PINNED) as found:
        page(client, icb)
    read = [each["sql"] for each in found.captured_queries]
    assert not [sql for sql in read if "budgets_personalhealthbudget" in sql]
