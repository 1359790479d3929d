"""The sheet of trajectories, and what is said of the pace, to those who may see the people and to those who may not."""

import datetime as dt
import json
import re
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import IntegrityError, InternalError, transaction

from phb_register.dates import FinancialYear
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting import forecasting
from reporting.forecast_models import forecast as in_process
from reporting.models import Trajectory
from reporting.rules.trajectories import YearPlan
from reporting.services.trajectories import save_trajectories
from tests.factories.phb_register import CommissionerFactory, PopulationFactory, UserFactory
from tests.factories.reporting import TargetFactory, make_spell

pytestmark = pytest.mark.django_db
YEAR = FinancialYear(2017)
DAY = dt.date(2017, 6, 30)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """Forecasts without a process of their own."""

    monkeypatch.setattr(forecasting, "_run", lambda question: [in_process(**each) for each in json.loads(question)])


@pytest.fixture
def icb(time_machine):
    time_machine.move_to(dt.datetime(2017, 7, 10, 12, tzinfo=dt.UTC))
    commissioner = CommissionerFactory(name="Testing ICB")
    PopulationFactory(commissioner=commissioner, people=30_000)
    return commissioner


@pytest.fixture
def register(icb):
    """Two start in every second month from July 2015 to June 2017, and one of the first ends in 2017."""
    for number in range(12):
        for _ in range(2):
            make_spell(icb, started_on=dt.date(2015 + (6 + 2 * number) // 12, (6 + 2 * number) % 12 + 1, 15))
    make_spell(icb, started_on=dt.date(2015, 7, 15), ended_on=dt.date(2017, 2, 1))
    return icb


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def words(response):
    text = re.sub(r"<svg.*?</svg>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def looked_at_again(client, address, **asked):
    """The page once its forecast is made."""
    client.get(address, asked)
    forecasting.finish()
    return client.get(address, asked)


def plan(numbers, source="Plan, page 4", year=YEAR):
    return YearPlan(year, tuple(numbers), source)


def sheet(**typed):
    """The form of 2016/17 to 2021/22 as it is sent, empty but for what is typed."""
    boxes = {f"y{year}_{name}": "" for year in range(2016, 2022) for name in ("q1", "q2", "q3", "q4", "source", "seen")}
    return boxes | typed


def test_sheet_is_saved_and_the_history_keeps_what_was_there(client, icb):
    user = sign_in(client, Role.PHB_TEAM, icb)
    address = f"/dashboard/{icb.code}/trajectories/"
    typed = sheet(y2017_q2="30", y2017_q4="40", y2017_source="Plan, page 4")
    assert client.post(address, typed)["Location"] == address
    assert "1 year is saved" in words(client.get(address))
    seen = plan([None, 30, None, 40]).mark
    typed |= {"y2017_q4": "45", "y2017_seen": seen, "y2018_q1": "50", "y2018_source": "Plan, page 5"}
    client.post(address, typed)
    row = Trajectory.objects.get(commissioner=icb, year_begins=2017)
    assert (row.q1, row.q2, row.q3, row.q4) == (None, 30, None, 45)
    assert [event.q4 for event in row.events.order_by("pgh_id")] == [40, 45]
    assert AccessLogEntry.objects.filter(actor=user, action="set-trajectory").count() == 3
    client.post(address, typed | {"y2017_seen": plan([None, 30, None, 45]).mark})
    assert "Nothing was changed" in words(client.get(address))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"y2017_q4": "40"}, "Enter the source of 2017/18"),
        ({"y2017_q4": "many", "y2017_source": "Plan"}, "End of March 2018 must be a whole number"),
        ({"y2017_q4": "-1", "y2017_source": "Plan"}, "End of March 2018 must be 0 or more"),
        ({"y2017_q4": "40", "y2017_source": "Plan", "y2017_seen": "|||39|Plan"}, "changed by somebody else meanwhile"),
    ],
)
def test_wrong_sheet_is_answered_with_the_remedy_and_saves_nothing(client, icb, typed, message):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.post(f"/dashboard/{icb.code}/trajectories/", sheet(y2018_q1="50", y2018_source="Kept", **typed))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words(response).count(message) == 2
    assert 'value="Kept"' in response.content.decode()
    assert not Trajectory.objects.exists()


def test_year_that_is_taken_out_keeps_its_source(icb):
    save_trajectories(commissioner=icb, by=None, plans=[plan([1, 2, 3, 4])], seen={})
    empty = plan([None] * 4, source="")
    assert save_trajectories(commissioner=icb, by=None, plans=[empty], seen={2017: plan([1, 2, 3, 4]).mark}) == 1
    assert Trajectory.objects.get(commissioner=icb).source == "Plan, page 4"
    with pytest.raises(Refused, match="changed by somebody else"):
        save_trajectories(commissioner=icb, by=None, plans=[plan([5, 5, 5, 5])], seen={2017: ""})


def test_sheet_is_for_those_who_manage_settings(client, icb):
    sign_in(client, Role.GOVERNING_BODY, icb)
    assert client.get(f"/dashboard/{icb.code}/trajectories/").status_code == HTTPStatus.FORBIDDEN
    assert "trajectories/" not in client.get(f"/dashboard/{icb.code}/pace/").content.decode()


@pytest.mark.parametrize("wrong", [{"source": ""}, {"year_begins": 2012}, {"q1": -1}])
def test_database_refuses_a_trajectory_that_cannot_be(icb, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Trajectory.objects.create(**{"commissioner": icb, "year_begins": 2017, "q1": 1, "source": "Plan"} | wrong)


def test_database_keeps_one_trajectory_a_year_for_good(icb):
    row = Trajectory.objects.create(commissioner=icb, year_begins=2017, q1=1, source="Plan")
    with pytest.raises(IntegrityError), transaction.atomic():
        Trajectory.objects.create(commissioner=icb, year_begins=2017, q2=1, source="Plan")
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_pace_says_what_is_needed_and_what_came(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    earlier = plan([None, None, None, 20], year=FinancialYear(2016))
    save_trajectories(commissioner=register, by=None, plans=[earlier, plan([20, None, 60, 90])], seen={})
    TargetFactory(commissioner=register, reach_by=dt.date(2020, 3, 31))
    text = words(looked_at_again(client, f"/dashboard/{register.code}/pace/", as_at="2017-06-30"))
    # 24 in place; 36 more in 6 months are 6 a month, and one a year ends.
    assert "Trajectory for the end of December 2017 By 31 December 2017 Number 60 Missing 36 Needed a month 6 " in text
    assert "Starts a month 7 " in text
    assert "Off course" in text
    assert "In the 12 months to 30 June 2017 it grew by 0.8 a month: 11 began and 1 ended." not in text
    assert "In the 12 months to 30 June 2017 it grew by 0.9 a month: 12 began and 1 ended." in text
    assert "31 March 2017 20 22 +2 Plan, page 4" in text
    assert "30 June 2017 20 24 +4 Plan, page 4" in text
    assert "Made from the last 24 points of the line that are shown" in text


@pytest.mark.parametrize("path", ["", "pace/"])
def test_page_waits_for_no_forecast_and_asks_for_it_again(client, register, path):
    cache.clear()
    sign_in(client, Role.PHB_TEAM, register)
    save_trajectories(commissioner=register, by=None, plans=[plan([20, None, 60, 90])], seen={})
    address = f"/dashboard/{register.code}/{path}"
    first = client.get(address, {"as_at": "2017-06-30"})
    again = f"{address}?as_at=2017-06-30"
    assert f'hx-get="{again}" hx-trigger="load delay:1s" hx-select="#expected"' in first.text
    assert f'<a href="{again}">Look again</a>' in first.text
    assert "24 are in place. How many are likely on 31 December 2017 is being worked out." in words(first)
    off_course = re.compile(r"Off course\s+</strong>")
    assert not off_course.search(first.text)
    forecasting.finish()
    then = client.get(address, {"as_at": "2017-06-30"})
    assert "hx-get" not in then.text
    assert "being worked out" not in words(then).lower()
    assert off_course.search(then.text)
    assert " are likely. The trajectory for the end of December 2017 is 60." in words(then)


def test_pace_of_a_commissioner_without_budgets_says_so(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.get(f"/dashboard/{icb.code}/pace/")
    assert response.status_code == HTTPStatus.OK
    assert "There was no personal health budget by 10 July 2017" in words(response)


def test_pace_of_another_commissioner_is_not_there(client, icb):
    sign_in(client, Role.PHB_TEAM, CommissionerFactory())
    assert client.get(f"/dashboard/{icb.code}/pace/").status_code == HTTPStatus.NOT_FOUND


def test_pace_with_a_wrong_date_is_answered_with_the_remedy(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.get(f"/dashboard/{icb.code}/pace/", {"as_at": "2017-02-31"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "As-at date must be a real date" in words(response)


def test_reader_who_may_not_see_people_is_told_nothing_made_of_hidden_numbers(client, register):
    sign_in(client, Role.GOVERNING_BODY, register)
    text = words(looked_at_again(client, f"/dashboard/{register.code}/pace/", as_at="2017-06-30"))
    assert "began and" not in text
    assert "it grew by 0.9 a month." in text
    # The first months are hidden, and one of those that protect another number.
    assert re.search(r"Made from the last 2[0-2] points of the line that are shown", text)
    assert "Starts a month – " in text
