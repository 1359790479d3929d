"""The page of variation: its months are those of a naive count, and each reader sees what they may."""

import csv
import datetime as dt
import io
import random
import re
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from budgets.models import PersonalHealthBudget
from eligibility.enums import DecisionOutcome
from eligibility.models import Decision, Referral
from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Commissioner, CommissionerKind
from phb_register.roles import Role
from reporting.models import Recalculation
from reporting.rules.funnel import Place
from reporting.rules.variation import first_of, last_whole_month
from reporting.selectors.scope import counted
from reporting.selectors.variation import funnels_for, months_of
from reporting.services.variation import record_recalculation, release_members, remove_recalculation
from tests.factories.phb_register import CommissionerFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory, RecalculationFactory, cohort, make_spell

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 2, 7)
MONTH_END = dt.date(2017, 1, 31)
BEGINNING = dt.date(2015, 1, 1)


@pytest.fixture
def icb():
    return CommissionerFactory(name="Testing ICB", opened_on=dt.date(2013, 4, 1))


def on(days):
    return BEGINNING + dt.timedelta(days=days)


def decide(referral, decided_on, *, number=1):
    return Decision.objects.create(
        referral=referral,
        number=number,
        outcome=DecisionOutcome.ACCEPTED,
        cohort=cohort("chc"),
        is_right_to_have=True,
        decided_on=decided_on,
        decided_by=referral.referred_by,
    )


def spread(commissioner, how_many, *, seed=7):
    """Budgets over two years: some not started, some ended, most of their referrals decided."""
    rng = random.Random(seed)
    by = UserFactory()
    for _ in range(how_many):
        agreed = rng.randrange(700)
        started = agreed + rng.randrange(60) if rng.random() < 0.9 else None
        ended = started + rng.randrange(1, 400) if started is not None and rng.random() < 0.4 else None
        phb = make_spell(
            commissioner,
            by=by,
            agreed_on=on(agreed),
            started_on=None if started is None else on(started),
            ended_on=None if ended is None else on(ended),
        )
        if rng.random() < 0.8:
            decide(phb.referral, on(agreed + rng.randrange(90)))


def naive_months(commissioners, as_at):
    """One loop over everything for each month."""
    budgets = list(PersonalHealthBudget.objects.filter(commissioner__in=commissioners))
    referrals = list(Referral.objects.filter(commissioner__in=commissioners))
    decisions = list(Decision.objects.filter(number=1, referral__commissioner__in=commissioners))
    first = min(each.received_on for each in referrals)
    month = first_of(first)
    while month <= last_whole_month(as_at):
        days = {month + dt.timedelta(days=n) for n in range((first_of(month, -1) - month).days)}
        decided = [each for each in decisions if each.decided_on in days]
        yield (
            month,
            sum(
                each.started_on is not None
                and each.started_on <= max(days)
                and (each.ended_on is None or each.ended_on > max(days))
                for each in budgets
            ),
            sum(each.started_on in days for each in budgets),
            sum(each.started_on is not None and each.ended_on in days for each in budgets),
            sum(each.received_on in days for each in referrals),
            len(decided),
            sum((each.decided_on - each.referral.received_on).days for each in decided),
        )
        month = first_of(month, -1)


@pytest.mark.parametrize("as_at", [dt.date(2015, 2, 28), DAY, dt.date(2019, 12, 31)])
def test_months_are_those_of_a_naive_count(icb, as_at):
    spread(icb, 20)
    spread(CommissionerFactory(), 2, seed=1)
    found = months_of(counted(icb, as_at))
    expected = list(naive_months([icb], as_at))
    assert [
        (each.begins_on, each.in_place, each.started, each.ended, each.received, each.decided, each.days)
        for each in found
    ] == expected


def test_register_without_anything_has_no_months(icb):
    assert months_of(counted(icb, DAY)) == []


def test_funnel_counts_a_predecessors_budgets_for_its_successor_from_its_end():
    old = CommissionerFactory(kind="ccg", opened_on=dt.date(2013, 4, 1), closed_on=dt.date(2016, 6, 30))
    new = CommissionerFactory(kind="icb", opened_on=dt.date(2016, 7, 1))
    old.successions.create(successor=new, took_effect_on=dt.date(2016, 7, 1))
    for _ in range(3):
        make_spell(old, started_on=dt.date(2016, 5, 1))
    make_spell(new, started_on=dt.date(2016, 8, 1), lives_in="care_home")
    PopulationFactory(commissioner=new, people=10_000, counted_on=dt.date(2016, 7, 1))
    EligiblePopulationFactory(commissioner=new)
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=new)
    in_place, uptake = funnels_for(user, counted(new, DAY))
    assert [(row.commissioner, row.count.value, row.size) for row in in_place.rows] == [(new, 4, 10_000)]
    assert [(row.commissioner, row.count.value, row.size) for row in uptake.rows] == [(new, 3, 500)]
    earlier, _ = funnels_for(user, counted(old, dt.date(2016, 6, 30)))
    assert [(row.commissioner, row.count.value) for row in earlier.rows] == [(old, 3)]


@pytest.fixture
def partnership():
    """Five commissioners of 10,000 people with five budgets, or twenty; a sixth of whom that is not known has two."""
    found = CommissionerFactory(kind="partnership", name="Testing partnership", opened_on=dt.date(2013, 4, 1))
    by = UserFactory()
    for number, budgets in enumerate((5, 5, 5, 5, 20, 2)):
        member = CommissionerFactory(name=f"Member {number}", opened_on=dt.date(2013, 4, 1))
        found.members.create(member=member, starts_on=dt.date(2013, 4, 1))
        if number < 5:
            PopulationFactory(commissioner=member, people=10_000, counted_on=dt.date(2016, 1, 1))
        for _ in range(budgets):
            make_spell(member, by=by)
    return found


def test_page_draws_the_funnel_and_says_who_is_outside(client, partnership):
    sign_in(client, Role.PHB_TEAM, partnership)
    text = words(page(client, partnership))
    assert "Together the 5 commissioners have 0.800. 1 of them is outside the 95% limits." in text
    assert "Funnel plot: budgets in place per 1,000 people, by population" in text
    assert (
        "Member 4 Budgets in place 20 Population 10,000 Budgets in place per 1,000 people 2.00 Where it stands "
        "Above the 95% limits" in text
    )
    assert "Member 5 Budgets in place 2 Population Not known" in text


def test_england_leaves_out_commissioners_of_whom_there_is_nothing_to_say(client):
    england = Commissioner.objects.get(kind=CommissionerKind.NATION)
    client.force_login(UserFactory(role=Role.ANALYST, role__commissioner=england))
    text = words(page(client, england, as_at="2024-03-31"))
    assert "42 commissioners have no budget that could be shown, and nobody counted the population" in text
    assert "; NHS West Yorkshire ICB." in text


def test_funnel_names_who_stands_out_and_hides_small_numbers_from_controlled_readers(partnership):
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=partnership)
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=partnership)
    scope = counted(partnership, MONTH_END)
    seen, _ = funnels_for(team, scope)
    assert [row.count.text for row in seen.rows] == ["5", "5", "5", "5", "20", "2"]
    assert seen.comparison.share == pytest.approx(40 / 50_000)
    assert seen.comparison.place(20, 10_000) in (Place.ABOVE, Place.FAR_ABOVE)
    assert {row.count.text for row in funnels_for(board, scope)[0].rows} == {"*"}, "nothing is released yet"
    release_members(board, scope, purpose="a test")
    shown, _ = funnels_for(board, scope)
    texts = [row.count.text for row in shown.rows]
    assert texts[-1] == "*"
    assert texts.count("*") == 2, "with one star, the total of the partnership would tell it"
    make_spell(Commissioner.objects.get(name="Member 0"))
    release_members(board, scope, purpose="a test")
    assert [row.count.text for row in funnels_for(board, scope)[0].rows] == texts, "what was shown stays"


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def page(client, commissioner, path="", **query):
    return client.get(f"/dashboard/{commissioner.code}/variation/{path}", {"as_at": "2017-02-07", **query})


def variation_file(client, commissioner, **query):
    return client.get("/lists/variation.csv", {"commissioner": commissioner.code, "as_at": "2017-02-07", **query})


@pytest.fixture
def steady(icb):
    """One budget starts in July 2016, then two, one, two, one, two; eight in January 2017. None ends."""
    by = UserFactory()
    for month, budgets in enumerate((1, 2, 1, 2, 1, 2, 8)):
        for _ in range(budgets):
            phb = make_spell(icb, by=by, started_on=first_of(dt.date(2016, 7, 1), -month))
            decide(phb.referral, phb.started_on + dt.timedelta(days=10))
    return icb


def test_page_says_what_the_latest_month_shows(client, steady):
    sign_in(client, Role.PHB_TEAM, steady)
    text = words(page(client, steady))
    assert "Special cause, getting better" in text
    assert "January 2017: 8." in text
    assert "above the upper limit" in text
    assert "As it runs now, a month’s average meets the target of 28 days every time." in text
    assert "Year on year, to the end of January" in text
    assert "A funnel plot takes 5 commissioners or more with numbers that are known. You see 0 commissioners." in text
    assert f"/dashboard/{steady.code}/?as_at=2017-01-31" in page(client, steady).content.decode()


def test_controlled_reader_sees_the_months_where_none_is_small_and_no_links_to_people(client, icb):
    sign_in(client, Role.GOVERNING_BODY, icb)
    for first in (dt.date(2016, 12, 1), dt.date(2017, 1, 1)):
        for _ in range(5):
            make_spell(icb, started_on=first)
    response = page(client, icb, as_at="2017-01-31")
    assert "January 2017: 5." in words(response)
    assert "as_at=2016-12-31" not in response.content.decode()
    make_spell(icb, started_on=dt.date(2016, 10, 1))
    assert words(page(client, icb, as_at="2017-01-31")) == words(response), "what was shown stays"


def test_controlled_reader_sees_no_months_where_one_is_small(client, icb):
    sign_in(client, Role.GOVERNING_BODY, icb)
    for first in (dt.date(2016, 12, 1), dt.date(2017, 1, 1)):
        for _ in range(5 if first.month == 12 else 6):
            make_spell(icb, started_on=first)
    make_spell(icb, started_on=dt.date(2016, 10, 1))
    text = words(page(client, icb, as_at="2017-01-31"))
    assert "January 2017: 6." not in text
    assert text.count("The months are not shown to you") == 3
    assert "At the end of January 2017" not in text
    assert "January 2017 Started 12 Ended 0 In place at the end 12 More than a year before" in text
    _, rows = file_rows(variation_file(client, icb, as_at="2017-01-31"))
    assert rows == []


@pytest.mark.parametrize(
    ("query", "remedy"), [({}, "the end of a month"), ({"as_at": "2017-01-31", "months": "60"}, "Choose 24 months")]
)
def test_controlled_reader_chooses_the_ends_of_months(client, icb, query, remedy):
    sign_in(client, Role.GOVERNING_BODY, icb)
    response = page(client, icb, **query)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert remedy in words(response)


def file_rows(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    header, _, body = content.partition("\r\n\r\n")
    return list(csv.reader(io.StringIO(header))), list(csv.DictReader(io.StringIO(body)))


def test_file_has_the_months_of_the_page_and_is_noted(client, steady):
    user = sign_in(client, Role.PHB_TEAM, steady)
    header, rows = file_rows(variation_file(client, steady))
    assert ["As at", "7 February 2017"] in header
    started = [row for row in rows if row["Chart"] == "Budgets started"]
    assert [row["Number"] for row in started] == ["1", "2", "1", "2", "1", "2", "8"]
    assert {row["Mean"] for row in started} == {"2.4"}
    assert AccessLogEntry.objects.get(actor=user, action="export").detail["rows"] == len(rows)


@pytest.mark.parametrize("query", [{"as_at": "yesterday"}, {"months": "1000000"}, {"months": "x"}])
def test_wrong_choice_is_answered_with_the_remedy(client, icb, query):
    sign_in(client, Role.PHB_TEAM, icb)
    response = page(client, icb, **query)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a problem" in words(response)


def test_empty_register_has_a_page(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    text = words(page(client, icb))
    assert text.count("There is nothing to chart yet") == 4
    assert "No whole month with a referral or a budget is over yet." in text


CHANGE = {
    "series": "started", "begins_on_day": "15", "begins_on_month": "1", "begins_on_year": "2017",
    "reason": "A second nurse offers budgets",
}  # fmt: skip


def test_recalculation_moves_the_limits_and_is_taken_back(client, steady):
    sign_in(client, Role.PHB_TEAM, steady)
    address = f"/dashboard/{steady.code}/variation/recalculations/"
    assert client.post(address, CHANGE)["Location"] == address
    assert "A second nurse offers budgets" in words(client.get(address))
    text = words(page(client, steady))
    assert "From January 2017 the limits are worked out anew: A second nurse offers budgets" in text
    assert "Too few months to say" in text
    made = Recalculation.objects.get()
    assert made.begins_on == dt.date(2017, 1, 1)
    assert client.post(f"{address}{made.pk}/")["Location"] == address
    assert not Recalculation.objects.exists()
    assert "above the upper limit" in words(page(client, steady))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reason": " "}, "Enter what changed"),
        ({"series": "budget"}, "Select a chart"),
        ({"begins_on_month": "13"}, "must be a real date"),
    ],
)
def test_wrong_recalculation_is_answered_with_the_remedy(client, icb, wrong, message):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.post(f"/dashboard/{icb.code}/variation/recalculations/", {**CHANGE, **wrong})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in words(response)


def test_recalculation_needs_a_month_that_is_over_and_is_recorded_once(icb):
    team = UserFactory(role=Role.PHB_TEAM, role__commissioner=icb)
    given = {"commissioner": icb, "by": team, "series": "days", "reason": "New clocks"}
    with pytest.raises(Refused, match="a month that is over"):
        record_recalculation(begins_on=clock.today(), **given)
    record_recalculation(begins_on=dt.date(2017, 1, 20), **given)
    with pytest.raises(Refused, match="from that month already"):
        record_recalculation(begins_on=dt.date(2017, 1, 3), **given)
    board = UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb)
    with pytest.raises(PermissionDenied):
        remove_recalculation(recalculation=Recalculation.objects.get(), by=board)


@pytest.mark.parametrize("wrong", [{"begins_on": dt.date(2016, 4, 2)}, {"reason": ""}, {"series": "other"}])
def test_database_refuses_a_wrong_recalculation(icb, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        RecalculationFactory(commissioner=icb, **wrong)


def test_queries_do_not_grow_with_the_register(client, steady, django_assert_num_queries):
    sign_in(client, Role.PHB_TEAM, steady)
    page(client, steady)
    with django_assert_num_queries(22):
        page(client, steady)
