"""The page of variation narrowed, as known on a day, and the people behind each of its numbers."""

import datetime as dt
import html
import re
from dataclasses import replace
from http import HTTPStatus

import pytest

from budgets.models import PersonalHealthBudget
from eligibility.models import Decision, Referral
from phb_register import clock
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.rules.filters import Filters
from reporting.rules.variation import Behind, first_of, last_day
from reporting.selectors.scope import counted
from reporting.selectors.variation import charted, months_of
from reporting.selectors.variation_people import people_behind
from tests.factories.past import entered_days_ago, take_away
from tests.factories.pathway import bare_decision
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.reporting import CountingPolicyFactory, EligiblePopulationFactory, make_spell
from tests.integration.reporting.oracle import kept_by
from tests.integration.reporting.pathway_oracle import led_to_one

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 2, 7)
UP_TO = dt.date(2017, 1, 31)
LINK = re.compile(r'href="([^"]*/variation/people/[^"]*)"[^>]*>([\d.,−-]+)</a>')


@pytest.fixture
def register():
    """Two commissioners of a partnership: budgets of several kinds that start, end and are decided over some months."""
    partnership = CommissionerFactory(kind="partnership", name="Testing partnership", opened_on=dt.date(2013, 4, 1))
    by = UserFactory()
    kinds = (
        {"cohort_code": "chc", "methods": ("notional",)},
        {"cohort_code": "wheelchair", "methods": ("direct_payment",), "nhs_percent": 60},
        {"cohort_code": "chc", "methods": ("direct_payment",), "lives_in": "care_home"},
    )
    for place in range(9):
        if place in (0, 5):
            member = CommissionerFactory(name=f"Member {place}", opened_on=dt.date(2013, 4, 1))
            partnership.members.create(member=member, starts_on=dt.date(2013, 4, 1))
            EligiblePopulationFactory(commissioner=member)
        started = dt.date(2016, 8, 10) + dt.timedelta(days=17 * place)
        born_on = dt.date(2010, 5, 5) if place % 4 == 3 else dt.date(1960, 1, 1)
        phb = make_spell(
            member,
            by=by,
            person=PersonFactory(commissioner=member, born_on=born_on),
            agreed_on=started,
            started_on=started if place != 8 else None,
            ended_on=started + dt.timedelta(days=40) if place % 3 == 1 else None,
            **kinds[place % 3],
        )
        if place % 2 == 0:
            bare_decision(phb.referral, started + dt.timedelta(days=8), "accepted", by)
    return partnership


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def page(client, commissioner, path="", **query):
    return client.get(f"/dashboard/{commissioner.code}/variation/{path}", {"as_at": DAY.isoformat(), **query})


def words(response):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def naive_month(bodies, only, month):
    """How many of each list there are in a month, by loops over everything."""
    first, last = month, last_day(month)
    phbs = [each for each in PersonalHealthBudget.objects.filter(commissioner__in=bodies) if kept_by(only, each, UP_TO)]
    referrals = [
        each
        for each in Referral.objects.filter(commissioner__in=bodies)
        if led_to_one(only, each.person, UP_TO, [phb for phb in phbs if phb.referral_id == each.pk])
    ]
    decided = Decision.objects.filter(number=1, referral__in=[each.pk for each in referrals])
    return {
        Behind.STARTED: sum(phb.started_on is not None and first <= phb.started_on <= last for phb in phbs),
        Behind.ENDED: sum(phb.ended_on is not None and first <= phb.ended_on <= last for phb in phbs),
        Behind.IN_PLACE: sum(
            phb.started_on is not None and phb.started_on <= last and (phb.ended_on is None or phb.ended_on > last)
            for phb in phbs
        ),
        Behind.RECEIVED: sum(first <= each.received_on <= last for each in referrals),
        Behind.DECIDED: sum(first <= each.decided_on <= last for each in decided),
    }


@pytest.mark.parametrize(
    "only",
    [
        Filters(),
        Filters(cohort="chc"),
        Filters(method="direct_payment", funding="joint"),
        Filters(age_group="children"),
        Filters(age_group="adults", funding="nhs"),
    ],
    ids=str,
)
def test_months_are_narrowed_and_each_number_has_as_many_rows(register, only):
    scope = counted(register, DAY, only=only)
    found = months_of(scope)
    for month in found:
        expected = naive_month(scope.ids, only, month.begins_on)
        counts = (month.started, month.ended, month.in_place, month.received, month.decided)
        assert dict(zip(expected, counts, strict=True)) == expected
        for behind, number in expected.items():
            day = {"first": month.begins_on, "last": last_day(month.begins_on)}
            assert people_behind(behind, scope, body=None, **day).rows.count() == number, (behind, month)
    assert sum(month.started for month in found) > 0


def test_every_number_of_the_page_leads_to_as_many_rows(client, register):
    query = {"cohort": "chc"}
    sign_in(client, Role.PHB_TEAM, register)
    found = page(client, register, **query)
    assert "Only a part is counted" in words(found)
    links = set(LINK.findall(found.content.decode()))
    assert {address.split("/people/")[1].split("/")[0] for address, _ in links} == {
        each.value for each in Behind if each is not Behind.ON_THE_LINE
    }
    for address, number in links:
        assert all(f"{name}={value}" in address for name, value in query.items())
        answer = client.get(html.unescape(address))
        unit = r"(referrals?|personal health budgets?)"
        (rows, _), *_ = re.findall(rf"<p>([\d,]+) {unit}\. This look", answer.content.decode())
        if "/decided/" not in address:
            assert rows == number, address
            continue
        days = [int(each) for each in re.findall(r"numeric[^>]*>\s*(\d+)\s*<", answer.content.decode())]
        assert len(days) == int(rows)
        assert f"{sum(days) / len(days):.1f}".removesuffix(".0") == number


def test_commissioners_beside_each_other_are_counted_as_the_page_counts(client, register):
    """The partnership does not count budgets that others pay for in part; its member does."""
    sign_in(client, Role.PHB_TEAM, register)
    everything = page(client, register, as_at="2016-10-05").content.decode()
    CountingPolicyFactory(commissioner=register, counts_joint=False)
    found = page(client, register, as_at="2016-10-05").content.decode()
    assert dict(LINK.findall(found)) != dict(LINK.findall(everything))
    compared = [(address, number) for address, number in LINK.findall(found) if "/compared" in address]
    assert len(compared) == 4
    for address, number in compared:
        assert f"<p>{number} personal health budget" in client.get(html.unescape(address)).content.decode()


def test_page_and_lists_as_known_on_a_day(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    entered_days_ago(2)
    known = {"known_on": (clock.today() - dt.timedelta(days=1)).isoformat()}
    before = LINK.findall(page(client, register, **known).content.decode())
    gone = PersonalHealthBudget.objects.filter(cohort__code="chc", ended_on=None, started_on__isnull=False).first()
    take_away(gone)
    make_spell(gone.commissioner, started_on=dt.date(2016, 12, 5))
    assert LINK.findall(page(client, register, **known).content.decode()) == before
    days = {"first": first_of(gone.started_on).isoformat(), "last": last_day(first_of(gone.started_on)).isoformat()}
    text = words(page(client, register, "people/started/", **known, **days))
    assert "Removed: its import was undone" in text
    assert "As known on" in text


def test_list_is_noted_and_is_a_file(client, register):
    user = sign_in(client, Role.PHB_TEAM, register)
    text = page(client, register, "people/started/", first="2016-08-01", last="2016-12-31").content.decode()
    entry = AccessLogEntry.objects.filter(actor=user, action="read").latest("pk")
    assert (entry.detail["first"], entry.detail["last"]) == ("2016-08-01", "2016-12-31")
    (address,) = re.findall(r'href="(/lists/variation-people[^"]*csv[^"]*)"', text)
    lines = b"".join(client.get(html.unescape(address))).decode("utf-8-sig").splitlines()
    rows = lines[lines.index("") + 2 :]
    assert len(rows) == len(entry.detail["people"]) == 8
    assert "Days,1 August 2016 to 31 December 2016" in lines
    wrong = client.get("/lists/variation-people.csv", {"commissioner": register.code, "which": "started", "first": "x"})
    assert f"/dashboard/{register.code}/variation/people/started/?first=x" in wrong.url


@pytest.mark.parametrize(
    ("path", "query", "remedy"),
    [
        ("", {"cohort": "nobody"}, "Select a cohort from the list"),
        ("", {"known_on": "yesterday"}, "“yesterday” is not a date"),
        ("people/started/", {"first": "2017-01-31", "last": "2017-01-01"}, "on or after the first day"),
        ("people/started/", {"last": "2017-03-01"}, "on or before 7 February 2017"),
        ("people/decided/", {"first": "31/12"}, "“31/12” is not a date"),
        ("people/in-place/", {"funding": "all"}, "Select who pays from the list"),
        ("people/compared/", {"of": "x" * 13}, "12"),
    ],
)
def test_wrong_filter_is_answered_with_the_remedy(client, register, path, query, remedy):
    sign_in(client, Role.PHB_TEAM, register)
    answer = page(client, register, path, **query)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert remedy in words(answer)


def test_lists_of_others_and_of_nothing_are_not_found(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    stranger = CommissionerFactory()
    assert page(client, register, "people/compared/", of=stranger.code).status_code == HTTPStatus.NOT_FOUND
    assert page(client, stranger, "people/started/").status_code == HTTPStatus.NOT_FOUND
    assert page(client, register, "people/nobody/").status_code == HTTPStatus.NOT_FOUND


def test_controlled_reader_has_no_filters_and_no_links(client, register):
    sign_in(client, Role.GOVERNING_BODY, register)
    found = page(client, register, as_at="2017-01-31", months="24")
    assert found.status_code == HTTPStatus.OK
    assert 'name="cohort"' not in found.content.decode()
    assert "/variation/people/" not in found.content.decode()
    refused = page(client, register, as_at="2017-01-31", cohort="chc")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "for those who may see the people behind the figures" in words(refused)


def test_whoever_may_not_see_a_members_people_compares_no_part_of_its_figures(client, register):
    """The lead of one member reads the figures of the other as they are shared: whole, or not at all."""
    members = [each.member for each in register.members.order_by("pk")]
    user = sign_in(client, Role.PHB_TEAM, members[0])
    MembershipFactory(user=user, role=Role.GOVERNING_BODY, commissioner=members[1])
    whole = words(page(client, members[0], as_at="2017-01-31"))
    assert all(each.name in whole for each in members)
    part = words(page(client, members[0], as_at="2017-01-31", cohort="chc"))
    assert members[1].name not in part


def test_charted_is_the_end_of_the_last_whole_month(register):
    assert charted(counted(register, DAY)).as_at == UP_TO
    assert charted(replace(counted(register, DAY), as_at=UP_TO)).as_at == UP_TO
