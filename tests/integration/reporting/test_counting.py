"""How a commissioner counts: set from a date on, shown to every reader of its figures, and obeyed by the figures."""

import datetime as dt
import html
import re
from dataclasses import asdict, replace
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction

from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.models import CountingPolicyChange
from reporting.rules.counting import DEFAULT_POLICY, SWITCHES, Breakdown, CountsFrom
from reporting.selectors.counting import policy_on
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted
from reporting.services.counting import set_counting_policy
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
AS_AT = dt.date(2017, 2, 7)
YEAR = dt.date(2016, 4, 1)


@pytest.fixture
def icb():
    return CommissionerFactory()


def member(commissioner, role):
    return UserFactory(role=role, role__commissioner=commissioner)


def words(response):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def figures(icb):
    return figures_for(counted(icb, AS_AT))


def set_to(icb, **switches):
    return set_counting_policy(
        commissioner=icb, by=None, applies_from=YEAR, policy=replace(DEFAULT_POLICY, **switches), source="A paper"
    )


@pytest.mark.parametrize(
    ("switches", "names", "before", "after"),
    [
        ({"counts_notional": False}, ("phbs_in_place", "people_in_place"), (3, 3), (2, 2)),
        ({"counts_joint": False}, ("phbs_in_place", "people_in_place"), (3, 3), (2, 2)),
        ({"counts_one_off": False}, ("people_year_to_date", "people_in_place"), (3, 3), (2, 3)),
        ({"counts_from": CountsFrom.STARTED}, ("people_counted_year_to_date", "phbs_agreed"), (4, 1), (3, 1)),
    ],
)
def test_switch_changes_the_figures_that_it_governs(icb, switches, names, before, after):
    make_spell(icb, methods=("notional",), is_one_off=True)
    make_spell(icb, methods=("direct_payment",), nhs_percent=60)
    make_spell(icb, methods=("notional", "third_party"))
    make_spell(icb, agreed_on=dt.date(2017, 1, 1), started_on=None)
    assert tuple(getattr(figures(icb), name) for name in names) == before
    set_to(icb, **switches)
    assert tuple(getattr(figures(icb), name) for name in names) == after


def test_people_count_under_each_method_where_the_switch_says_so(icb):
    make_spell(icb, methods=("notional", "third_party"))
    set_to(icb, breakdown=Breakdown.EACH)
    assert figures(icb).by_method == {"notional": 1, "third_party": 1, "direct_payment": 0}


def test_wheelchair_budget_is_active_for_a_year_after_its_start(icb):
    make_spell(icb, cohort_code="wheelchair", started_on=dt.date(2016, 2, 7))
    make_spell(icb, cohort_code="wheelchair", started_on=dt.date(2016, 2, 6))
    assert (figures(icb).by_cohort["wheelchair"], figures(icb).wheelchair_active) == (2, 1)
    set_to(icb, wheelchair_needs_review=False)
    assert figures(icb).wheelchair_active == 2


def test_policy_applies_from_its_date_and_the_last_recorded_wins(icb):
    set_to(icb, counts_joint=False)
    set_counting_policy(commissioner=icb, by=None, applies_from=AS_AT, policy=DEFAULT_POLICY, source="The next paper")
    days = [YEAR - dt.timedelta(days=1), YEAR, AS_AT - dt.timedelta(days=1), AS_AT]
    assert [policy_on(icb, day).counts_joint for day in days] == [True, False, False, True]
    set_to(icb, counts_notional=False)
    assert (policy_on(icb, YEAR).counts_joint, policy_on(icb, YEAR).counts_notional) == (True, False)
    assert [each.number for each in CountingPolicyChange.objects.for_commissioner(icb)] == [2, 3, 1]


def test_policy_that_changes_nothing_or_has_no_source_is_refused(icb):
    with pytest.raises(Refused, match="already"):
        set_to(icb)
    with pytest.raises(Refused, match="where this way of counting is set out"):
        set_counting_policy(
            commissioner=icb,
            by=None,
            applies_from=YEAR,
            policy=replace(DEFAULT_POLICY, counts_joint=False),
            source=" ",
        )


def test_policy_is_set_by_those_who_manage_settings_and_never_rewritten(icb):
    with pytest.raises(PermissionDenied):
        set_counting_policy(
            commissioner=icb,
            by=member(icb, Role.GOVERNING_BODY),
            applies_from=YEAR,
            policy=replace(DEFAULT_POLICY, counts_joint=False),
            source="A paper",
        )
    change = set_to(icb, counts_joint=False)
    with pytest.raises(InternalError), transaction.atomic():
        CountingPolicyChange.objects.filter(pk=change.pk).update(counts_joint=True)


def form_data(**changed):
    switches = {name: str(value) for name, value in asdict(DEFAULT_POLICY).items()}
    date = {"applies_from_day": "1", "applies_from_month": "4", "applies_from_year": "2016"}
    return {**switches, **date, "source": "A paper", **changed}


def test_page_says_how_each_switch_stands_and_what_it_governs(client, icb):
    client.force_login(member(icb, Role.GOVERNING_BODY))
    text = words(client.get(f"/dashboard/{icb.code}/counting/"))
    assert all(each.said(DEFAULT_POLICY) in text for each in SWITCHES)
    assert "People by how the money is managed" in text
    assert "Change how it is counted" not in text
    assert client.get(f"/dashboard/{icb.code}/counting/change/").status_code == HTTPStatus.FORBIDDEN


def test_form_sets_the_policy_and_is_noted(client, icb):
    user = member(icb, Role.PHB_TEAM)
    client.force_login(user)
    address = f"/dashboard/{icb.code}/counting/change/"
    assert client.get(address).status_code == HTTPStatus.OK
    answer = client.post(address, form_data(counts_joint="False"), follow=True)
    assert "How it is counted is saved" in words(answer)
    assert "Only budgets that the NHS pays for alone count" in words(answer)
    assert AccessLogEntry.objects.filter(actor=user, action="set-counting-policy").exists()


def test_form_keeps_what_was_typed_and_says_what_is_wrong(client, icb):
    client.force_login(member(icb, Role.PHB_TEAM))
    answer = client.post(f"/dashboard/{icb.code}/counting/change/", form_data(source="", counts_from="started"))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Enter source" in words(answer)
    assert 'value="started" checked' in answer.content.decode()
    same = client.post(f"/dashboard/{icb.code}/counting/change/", form_data())
    assert same.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "counted from that date already" in words(same)
