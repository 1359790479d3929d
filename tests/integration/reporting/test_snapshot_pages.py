"""The pages of snapshots: who sees what, freezing, restating, and what moved between two."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.models import Snapshot
from reporting.services.snapshots import freeze, restate
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
AS_AT = dt.date(2016, 12, 31)


@pytest.fixture
def icb():
    commissioner = CommissionerFactory()
    make_spell(commissioner, started_on=dt.date(2016, 6, 1))
    return commissioner


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def reader(team):
    client = Client()
    client.force_login(team)
    return client


def at(icb, name="snapshots", **given):
    return reverse(f"reporting:{name}", kwargs={"code": icb.code, **given})


def dated(day):
    return {"as_at_day": day.day, "as_at_month": day.month, "as_at_year": day.year}


def test_figures_are_frozen_restated_and_listed(reader, icb, django_assert_num_queries):
    answer = reader.post(at(icb, "freeze-figures"), dated(AS_AT))
    first = Snapshot.objects.get()
    assert answer.url == at(icb, "snapshot", reference=first.reference)
    assert "31 December 2016 (Quarter 3 of 2016/17)" in reader.get(answer.url).text
    make_spell(icb, started_on=dt.date(2016, 9, 1))
    answer = reader.post(at(icb, "restate-figures", reference=first.reference), {"reason": "Entered late"})
    assert answer.status_code == 302
    assert "Snapshot 2</a> counts now" in reader.get(at(icb, "snapshot", reference=first.reference)).text
    reader.get(at(icb))
    with django_assert_num_queries(10):
        listed = reader.get(at(icb)).text
    assert "Entered late" in listed
    assert "Compare two snapshots" in listed


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Enter as-at date"),
        (dated(dt.date(2126, 1, 1)), "must be today or in the past"),
        ({"as_at_day": "31", "as_at_month": "2", "as_at_year": "2016"}, "must be a real date"),
    ],
)
def test_wrong_date_to_freeze_is_said_and_kept(reader, icb, typed, says):
    answer = reader.post(at(icb, "freeze-figures"), {**typed, "reason": "For the board"})
    assert answer.status_code == 422
    assert says in answer.text
    assert "For the board" in answer.text
    assert not Snapshot.objects.exists()


def test_restating_what_has_not_changed_is_refused_beside_the_form(reader, icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    answer = reader.post(at(icb, "restate-figures", reference=snapshot.reference), {"reason": "Again"})
    assert (answer.status_code, Snapshot.objects.count()) == (422, 1)
    assert "Nothing has changed since snapshot 1" in answer.text


def test_comparison_shows_what_moved_and_which_budgets(reader, icb, team):
    before = freeze(commissioner=icb, as_at=AS_AT, by=team)
    late = make_spell(icb, started_on=dt.date(2016, 9, 1))
    after = restate(commissioner=icb, as_at=AS_AT, by=team, reason="Entered late")
    answer = reader.get(at(icb, "compare-snapshots"), {"before": before.reference, "after": after.reference})
    assert answer.status_code == 200
    assert "Budgets that changed" in answer.text
    assert "Entered since. Agreed 1 September 2016, started 1 September 2016." in answer.text
    assert late.person.display_name in answer.text
    assert AccessLogEntry.objects.latest("pk").detail["people"] == [late.person_id]


def test_comparison_says_which_fact_changed(reader, icb, team):
    before = freeze(commissioner=icb, as_at=AS_AT, by=team)
    phb = make_spell(icb, started_on=dt.date(2016, 9, 1), ended_on=dt.date(2017, 3, 1))
    middle = restate(commissioner=icb, as_at=AS_AT, by=team, reason="Entered late")
    type(phb).objects.filter(pk=phb.pk).update(ended_on=dt.date(2016, 12, 1))
    after = restate(commissioner=icb, as_at=AS_AT, by=team, reason="It had ended")
    text = reader.get(at(icb, "compare-snapshots"), {"before": middle.reference, "after": after.reference}).text
    assert "Ended on: 1 March 2017 → 1 December 2016" in text
    text = reader.get(at(icb, "compare-snapshots"), {"before": after.reference, "after": before.reference}).text
    assert "Taken off the register" in text


def test_comparison_of_two_dates_shows_figures_alone(reader, icb, team):
    pair = [freeze(commissioner=icb, as_at=day, by=team) for day in (AS_AT, dt.date(2017, 3, 31))]
    answer = reader.get(at(icb, "compare-snapshots"), {"before": pair[0].reference, "after": pair[1].reference})
    assert "The two are of different dates" in answer.text
    assert "Budgets that changed" not in answer.text


@pytest.mark.parametrize("wrong", ["nothing", "one", "other"])
def test_comparison_of_what_cannot_be_compared_is_said(reader, icb, team, wrong):
    one = freeze(commissioner=icb, as_at=AS_AT, by=team).reference
    elsewhere = freeze(commissioner=CommissionerFactory(), as_at=AS_AT, by=None).reference
    asked = {"nothing": "x", "one": one, "other": elsewhere}[wrong]
    answer = reader.get(at(icb, "compare-snapshots"), {"before": one, "after": asked})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_board_sees_the_list_and_the_dashboard_of_the_day_and_no_frozen_figure(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    board = Client()
    board.force_login(MembershipFactory(commissioner=icb, role=Role.GOVERNING_BODY).user)
    listed = board.get(at(icb)).text
    assert f"{reverse('reporting:dashboard', args=[icb.code])}?as_at=2016-12-31" in listed
    assert "Freeze figures" not in listed
    for name in ("snapshot", "restate-figures"):
        assert board.get(at(icb, name, reference=snapshot.reference)).status_code == 403
    assert board.get(at(icb, "compare-snapshots")).status_code == 403


def test_finance_sees_a_snapshot_and_cannot_freeze(icb, team):
    snapshot = freeze(commissioner=icb, as_at=AS_AT, by=team)
    finance = Client()
    finance.force_login(MembershipFactory(commissioner=icb, role=Role.FINANCE).user)
    assert "Restate" not in finance.get(at(icb, "snapshot", reference=snapshot.reference)).text
    assert finance.get(at(icb, "freeze-figures")).status_code == 403
