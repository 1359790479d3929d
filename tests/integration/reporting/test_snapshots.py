"""Snapshots: what is frozen stays, is restated with a reason, and is written whole or not at all."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, IntegrityError, connection, transaction

from budgets.models import PersonalHealthBudget
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, PartnershipMember
from phb_register.roles import Role
from reporting.frozen import FrozenFigure
from reporting.models import Snapshot, SnapshotRecord
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted
from reporting.selectors.snapshots import figures_in, is_latest, is_whole, latest_for, rows_in
from reporting.services.snapshots import freeze, restate
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PopulationFactory
from tests.factories.reporting import EligiblePopulationFactory, make_spell

pytestmark = pytest.mark.django_db
AS_AT = dt.date(2016, 12, 31)


@pytest.fixture
def icb():
    commissioner = CommissionerFactory()
    PopulationFactory(commissioner=commissioner)
    EligiblePopulationFactory(commissioner=commissioner, counted_on=dt.date(2016, 11, 30))
    make_spell(commissioner, methods=("notional", "direct_payment"))
    make_spell(commissioner, cohort_code="wheelchair", started_on=dt.date(2016, 5, 1), ended_on=dt.date(2016, 8, 1))
    make_spell(commissioner, agreed_on=dt.date(2016, 12, 1), started_on=None)
    make_spell(commissioner, started_on=dt.date(2015, 1, 1), ended_on=dt.date(2016, 3, 31))
    return commissioner


@pytest.fixture
def team(icb):
    return make_team(icb)


def late_entry(icb):
    return make_spell(icb, started_on=dt.date(2016, 9, 1))


def test_frozen_figures_are_those_of_the_day_and_read_back_the_same(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    assert figures_in(Snapshot.objects.get()) == figures_for(counted(icb, AS_AT))
    found = {row.key: row.value for row in rows_in(Snapshot.objects.get())}
    assert found["phbs_in_place", ""] == 1
    assert found["by_cohort", "chc"] == 1
    assert found["by_method", "direct_payment"] == 1
    assert found["chc_uptake_including_fast_track", "denominator"] == 500
    assert str(found["rate_per_1000", ""]) == "1.000"
    assert (snapshot.number, snapshot.records, is_whole(snapshot)) == (1, 3, True)


def test_records_are_the_budgets_of_the_year_and_those_agreed(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    left_out = PersonalHealthBudget.objects.get(ended_on=dt.date(2016, 3, 31)).pk
    looked_at = {phb.pk for phb in PersonalHealthBudget.objects.all()} - {left_out}
    assert {record.phb for record in SnapshotRecord.objects.filter(snapshot=snapshot)} == looked_at
    ended = SnapshotRecord.objects.get(cohort_code="wheelchair")
    assert (ended.methods, ended.methods_in_year, ended.is_child) == ([], ["notional"], False)


def test_freezing_twice_makes_one_snapshot_that_late_entries_do_not_change(icb, team):
    first = freeze(commissioner=icb, as_at=AS_AT, by=team)
    late_entry(icb)
    assert freeze(commissioner=icb, as_at=AS_AT, by=team) == first
    assert figures_in(latest_for(icb, AS_AT)).phbs_in_place == 1
    assert figures_for(counted(icb, AS_AT)).phbs_in_place == 2


def test_restated_with_a_reason_and_the_one_before_stays(icb, team):
    first = freeze(commissioner=icb, as_at=AS_AT, by=team)
    late_entry(icb)
    again = restate(commissioner=icb, as_at=AS_AT, by=team, reason="A budget was entered late")
    assert (again.number, again.reason, figures_in(again).phbs_in_place) == (2, "A budget was entered late", 2)
    assert figures_in(Snapshot.objects.get(number=1)).phbs_in_place == 1
    assert (latest_for(icb, AS_AT), is_latest(first), is_latest(again)) == (again, False, True)
    actions = AccessLogEntry.objects.filter(action__endswith="-figures").order_by("pk")
    assert [entry.action for entry in actions] == ["freeze-figures", "restate-figures"]


def test_restating_is_refused_without_reason_change_or_snapshot(icb, team):
    for reason, says in (("Late entries", "Nothing was frozen"), (" ", "Enter why")):
        with pytest.raises(Refused, match=says):
            restate(commissioner=icb, as_at=AS_AT, by=team, reason=reason)
    freeze(commissioner=icb, as_at=AS_AT, by=team)
    with pytest.raises(Refused, match="Nothing has changed"), transaction.atomic():
        restate(commissioner=icb, as_at=AS_AT, by=team, reason="Late entries")
    assert Snapshot.objects.count() == 1


def test_frozen_by_those_who_may_and_up_to_today(icb, team):
    board = MembershipFactory(commissioner=icb, role=Role.GOVERNING_BODY).user
    with pytest.raises(PermissionDenied):
        freeze(commissioner=icb, as_at=AS_AT, by=board)
    with pytest.raises(Refused, match="still to come"):
        freeze(commissioner=icb, as_at=dt.date(2126, 1, 1), by=team)
    assert freeze(commissioner=icb, as_at=AS_AT, by=None).frozen_by is None


def test_snapshot_of_a_partnership_has_its_members_budgets(icb):
    partnership = CommissionerFactory(kind="partnership")
    PartnershipMember.objects.create(partnership=partnership, member=icb, starts_on=dt.date(2016, 1, 1))
    make_spell(CommissionerFactory())
    assert freeze(commissioner=partnership, as_at=AS_AT, by=None).records == 3


def test_snapshot_of_nobody_is_empty(team):
    snapshot = freeze(commissioner=CommissionerFactory(), as_at=AS_AT, by=None)
    assert (snapshot.records, is_whole(snapshot), figures_in(snapshot).people_in_place) == (0, True, 0)


def commit_without_budgets(snapshot):
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot.save(force_insert=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_database_refuses_what_is_not_whole(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    record = SnapshotRecord.objects.first()
    record.pk, record.phb = None, 999_999
    with pytest.raises(IntegrityError, match="all at once"), transaction.atomic():
        record.save(force_insert=True)
    snapshot.pk, snapshot.reference, snapshot.number = None, "00000000-0000-4000-8000-000000000000", 3
    snapshot.reason = "A gap"
    with pytest.raises(IntegrityError, match="without a gap"), transaction.atomic():
        snapshot.save(force_insert=True)
    snapshot.number = 2
    with pytest.raises(IntegrityError, match="every budget"):
        commit_without_budgets(snapshot)


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_database_refuses_every_change(icb, team, change):
    freeze(commissioner=icb, as_at=AS_AT, by=team)
    for table in ("reporting_snapshot", "reporting_snapshotrecord"):
        statement = change.format(table)
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_altered_snapshot_is_found_out(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    snapshot.figures[0]["value"] = 99
    assert not is_whole(snapshot)


def test_figure_says_what_it_says_without_the_programme():
    row = FrozenFigure("phbs_in_place", "", "In place", None, "people", "Those in place")
    assert row.text == "Not known"
