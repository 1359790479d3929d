"""What a version would change for the people of a commissioner: worked out once, whole, and as screening would."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from eligibility.demonstration import implications, rule_sets
from eligibility.models import ResourceImplications, ResourceImplicationsPerson, RuleSet, RuleSetVersion
from eligibility.rules.implications_result import Result
from eligibility.rules.resource_implications import Change
from eligibility.services import resource_implications as services
from offers.models import Cohort
from phb_register import jobs
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, JobState
from phb_register.roles import Role
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.resource_implications import (
    BEFORE,
    COHORT,
    IN_PERIOD,
    PERIOD,
    TODAY,
    asked,
    commissioner_with_offer,
    make_version,
    screened,
    team_of,
    worked_out,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner():
    return commissioner_with_offer()


@pytest.fixture
def version(commissioner):
    return make_version(commissioner)


def result_of(run):
    return Result.from_dict(run.result)


def test_people_come_in_and_nothing_is_known_of_the_unscreened(commissioner, version):
    inside = [screened(commissioner, condition=True) for _ in range(2)]
    referred = screened(commissioner, condition=True, received_on=IN_PERIOD)
    screened(commissioner, condition=False)
    open_one = screened(commissioner, condition=None)
    PersonFactory(commissioner=commissioner)
    screened(CommissionerFactory(), condition=True)

    run = worked_out(version, commissioner)
    result = result_of(run)
    assert (result.people, result.referred, result.nothing_known, result.unchanged) == (6, 1, 1, 1)
    (row,) = result.rows
    assert (row.commissioner_code, row.cohort_code) == (commissioner.code, COHORT)
    assert row.people == {**dict.fromkeys(Change, 0), Change.COMES_IN: 3, Change.NOT_SETTLED: 1}
    assert row.referred == {**dict.fromkeys(Change, 0), Change.COMES_IN: 1}
    assert result.missing == {"long_term_condition": 1}
    kept = ResourceImplicationsPerson.objects.filter(implications=run)
    assert {each.person: (each.change, each.was_referred) for each in kept} == {
        **{person: ("comes_in", person == referred) for person in [*inside, referred]},
        open_one: ("not_settled", False),
    }
    assert {(each.from_outcome, each.to_outcome) for each in kept.filter(change="comes_in")} == {
        ("not_offered", "may_request")
    }


def test_people_fall_out_of_what_holds_now(commissioner):
    held = make_version(commissioner, approval_status="approved", effective_from=dt.date(2025, 4, 1), prepared_by=None)
    stricter = {"all": [{"fact": "long_term_condition", "equals": True}, {"fact": "age", "under": 18}]}
    draft = make_version(commissioner, stricter, number=2, rule_set=held.rule_set)
    adult = screened(commissioner, condition=True)
    screened(commissioner, condition=True, person=PersonFactory(commissioner=commissioner, born_on=dt.date(2015, 1, 1)))
    run = worked_out(draft, commissioner)
    assert [(each.person, each.change) for each in people_of(run)] == [(adult, "falls_out")]


def people_of(run):
    return list(ResourceImplicationsPerson.objects.filter(implications=run).order_by("pk"))


def test_latest_facts_by_the_day_are_used_and_no_other_commissioners(commissioner, version):
    person = screened(commissioner, condition=False, received_on=BEFORE)
    screened(commissioner, condition=True, received_on=IN_PERIOD, person=person)
    screened(CommissionerFactory(), condition=False, received_on=TODAY, person=person)
    assert [each.change for each in people_of(worked_out(version, commissioner))] == ["comes_in"]
    earlier = worked_out(version, commissioner, as_at=dt.date(2025, 5, 1))
    assert people_of(earlier) == []
    assert result_of(earlier).unchanged == 1


def test_the_dead_the_unborn_and_other_commissioners_people_do_not_count(commissioner, version):
    for dates in ({"died_on": TODAY}, {"born_on": TODAY + dt.timedelta(days=1)}):
        screened(commissioner, condition=True, person=PersonFactory(commissioner=commissioner, **dates))
    elsewhere = PersonFactory(commissioner=CommissionerFactory())
    screened(commissioner, condition=True, person=elsewhere, received_on=BEFORE)
    assert result_of(worked_out(version, commissioner)).people == 0


def test_another_commissioners_person_counts_where_referred_in_the_period(commissioner, version):
    elsewhere = PersonFactory(commissioner=CommissionerFactory())
    screened(commissioner, condition=True, person=elsewhere, received_on=IN_PERIOD)
    run = worked_out(version, commissioner)
    assert [(each.person, each.commissioner) for each in people_of(run)] == [(elsewhere, commissioner)]


def test_people_of_a_closed_member_count_for_its_successor():
    llr = Commissioner.objects.get(code="LLR")
    rule_set = RuleSet.objects.filter(commissioner=llr, cohort__code=COHORT).first()
    version = make_version(llr, {"fact": "age", "at_least": 18}, number=9, rule_set=rule_set)
    person = screened(Commissioner.objects.get(code="04C"), condition=False, received_on=dt.date(2018, 6, 1))
    for as_at, code in ((dt.date(2019, 6, 1), "04C"), (TODAY, "QK1")):
        run = worked_out(version, llr, as_at=as_at)
        assert [(each.person, each.commissioner.code) for each in people_of(run)] == [(person, code)]
        assert [row.commissioner_code for row in result_of(run).rows] == [code]


def test_cost_is_the_average_of_budgets_in_place_for_whoever_has_none(commissioner, version):
    cohort = Cohort.objects.get(code=COHORT)
    for _ in range(5):
        bare_budget(commissioner, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE)
    holder = screened(commissioner, condition=True)
    bare_budget(commissioner, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE, person=holder)
    newcomers = [screened(commissioner, condition=True) for _ in range(2)]
    run = worked_out(version, commissioner)
    (row,) = result_of(run).rows
    assert (row.average.mean, row.average.budgets, row.average.low) == (Decimal("1000.00"), 6, None)
    assert row.costed == {Change.COMES_IN: 2, Change.FALLS_OUT: 0}
    amounts = {each.person: (each.has_budget, each.estimated_annual_amount) for each in people_of(run)}
    assert amounts == {holder: (True, 0), **dict.fromkeys(newcomers, (False, Decimal(1000)))}


def test_average_of_too_few_is_taken_of_all_groups_or_not_at_all(commissioner, version):
    screened(commissioner, condition=True)
    other = Cohort.objects.get(code="chc")
    bare_budget(commissioner, cohort=Cohort.objects.get(code=COHORT), agreed_on=BEFORE, started_on=BEFORE)
    assert result_of(worked_out(version, commissioner)).rows[0].average is None
    for _ in range(4):
        bare_budget(commissioner, cohort=other, agreed_on=BEFORE, started_on=BEFORE)
    run = worked_out(version, commissioner, period=(BEFORE, TODAY))
    assert result_of(run).rows[0].average.rests_on == "all_cohorts"


def test_version_for_a_group_off_the_local_offer_gives_nothing_and_says_so(client, version, commissioner):
    screened(commissioner, condition=True)
    run = worked_out(version, commissioner, as_at=dt.date(2025, 3, 1))
    client.force_login(team_of(commissioner))
    page = client.get(reverse("eligibility:resource-implications-result", args=[run.reference])).content.decode()
    assert "Nobody can come in" in page
    assert people_of(run) == []


def test_asking_twice_makes_one(commissioner, version):
    team = team_of(commissioner)
    one, other = asked(version, commissioner, by=team), asked(version, commissioner, by=team_of(commissioner))
    assert one == other
    assert asked(version, commissioner, by=team, as_at=dt.date(2026, 1, 1)) != one
    RuleSetVersion.objects.filter(pk=version.pk).update(revision=2)
    assert asked(version, commissioner, by=team) != one


def test_version_edited_meanwhile_is_asked_for_again(commissioner, version):
    run = asked(version, commissioner)
    RuleSetVersion.objects.filter(pk=version.pk).update(revision=2)
    jobs.run(run.job_id)
    run.job.refresh_from_db()
    assert (run.job.state, "Ask for it again" in run.job.error) == (JobState.FAILED, True)


def test_job_killed_half_way_leaves_nothing_and_run_again_one_result(commissioner, version, monkeypatch):
    for _ in range(3):
        screened(commissioner, condition=True)
    run = asked(version, commissioner)
    write = services._write_people

    def killed(*args):
        write(*args)
        raise SystemExit

    monkeypatch.setattr(services, "_write_people", killed)
    with pytest.raises(SystemExit):
        jobs.run(run.job_id)
    assert ResourceImplicationsPerson.objects.count() == 0
    run.refresh_from_db()
    assert not run.is_finished
    monkeypatch.setattr(services, "_write_people", write)
    for _ in range(2):
        jobs.run(run.job_id)
    run.refresh_from_db()
    assert run.is_finished
    assert ResourceImplicationsPerson.objects.filter(implications=run).count() == 3
    services.work_out(implications=run, progress=lambda done, total: None)
    assert ResourceImplicationsPerson.objects.filter(implications=run).count() == 3


def test_whoever_writes_second_finds_it_done(commissioner, version):
    screened(commissioner, condition=True)
    run = asked(version, commissioner)
    stale = ResourceImplications.objects.get(pk=run.pk)
    jobs.run(run.job_id)
    services.work_out(implications=stale, progress=lambda done, total: None)
    assert ResourceImplicationsPerson.objects.filter(implications=run).count() == 1


def test_finished_result_never_changes(commissioner, version):
    screened(commissioner, condition=True)
    run = worked_out(version, commissioner)
    row = people_of(run)[0]
    table = ResourceImplicationsPerson._meta.db_table
    copied = ", ".join(
        field.column for field in ResourceImplicationsPerson._meta.concrete_fields if field.name not in ("id", "person")
    )
    other = PersonFactory().pk
    for statement in (
        "UPDATE eligibility_resourceimplications SET result = '{}'",
        "DELETE FROM eligibility_resourceimplications",
        "UPDATE eligibility_resourceimplicationsperson SET change = 'weaker'",
        "DELETE FROM eligibility_resourceimplicationsperson",
        f"INSERT INTO {table} (person_id, {copied}) SELECT {other}, {copied} FROM {table} WHERE id = {row.pk}",  # noqa: S608
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("portion", [1, 2, 5000])
def test_list_has_exactly_the_people_that_the_table_counts(commissioner, version, monkeypatch, portion):
    monkeypatch.setattr("eligibility.selectors.implied_people.PORTION", portion)
    monkeypatch.setattr("eligibility.services.implied_people.MOST_KEPT", portion)
    for condition in (True, True, False, None, True):
        screened(commissioner, condition=condition)
    run = worked_out(version, commissioner)
    (row,) = result_of(run).rows
    found = people_of(run)
    assert {change: sum(each.change == change for each in found) for change in Change} == row.people
    names = [(each.person.family_name, each.person.given_name) for each in found]
    assert names == sorted(names)
    run.job.refresh_from_db()
    assert (run.job.done, run.job.total) == (5, 5)


def test_only_those_who_write_its_rules_may_ask(commissioner, version):
    for role in (Role.GOVERNING_BODY, Role.APPROVER, Role.REFERRING_NURSE):
        with pytest.raises(PermissionDenied):
            asked(version, commissioner, by=team_of(commissioner, role))
    with pytest.raises(PermissionDenied):
        asked(version, commissioner, by=team_of(CommissionerFactory()))
    other = CommissionerFactory()
    with pytest.raises(Refused, match="not for the people of"):
        asked(version, other, by=team_of(other))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"as_at": TODAY + dt.timedelta(days=2000)}, "5 years"),
        ({"as_at": dt.date(2012, 1, 1)}, "counts nobody"),
        ({"period": (PERIOD[1], PERIOD[0])}, "on or after the first"),
    ],
)
def test_dates_that_cannot_be_are_refused(commissioner, version, given, words):
    with pytest.raises(Refused, match=words):
        asked(version, commissioner, **given)


def test_version_that_cannot_be_read_is_refused(commissioner):
    with pytest.raises(Refused, match="cannot be read yet"):
        asked(make_version(commissioner, {"fact": "shoe_size", "equals": 7}), commissioner)


def test_demonstration_tries_the_version_that_waits_on_people_whom_it_changes():
    llr = Commissioner.objects.get(code="LLR")
    UserFactory(email=rule_sets.TEAM, role=Role.PHB_TEAM, role__commissioner=llr)
    UserFactory(email=implications.NURSE, role=Role.REFERRING_NURSE, role__commissioner=llr)
    rule_sets.load(lambda done, total: None)
    for _ in range(2):
        implications.load(lambda done, total: None)
    run = ResourceImplications.objects.get()
    assert (run.as_at, run.job.state) == (dt.date(2027, 4, 1), JobState.DONE)
    assert Counter(each.change for each in people_of(run)) == {"falls_out": 2}
