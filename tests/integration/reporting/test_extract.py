"""The record-level extract: exactly the methods in force in the period, for those who may see the people."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import MethodPart
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.selectors.extract import extract_of
from reporting.selectors.scope import counted
from tests.factories.budgets import make_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory
from tests.factories.reporting import make_spell
from tests.integration.reporting.oracle import in_place

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
PERIOD = {"first_on": FIRST.isoformat(), "last_on": LAST.isoformat()}


@pytest.fixture
def icb():
    return CommissionerFactory()


@pytest.fixture
def reader(icb):
    client = Client()
    client.force_login(make_team(icb))
    return client


def file_of(client, icb, **given):
    address = reverse("phb_register:list-csv", args=["extract"])
    answer = client.get(address, {"commissioner": icb.code, **PERIOD, **given})
    if not answer.streaming:
        return answer, []
    text = b"".join(answer).decode("utf-8-sig")
    return answer, list(csv.DictReader(io.StringIO(text.partition("\r\n\r\n")[2])))


def page_of(client, icb, **given):
    return client.get(reverse("reporting:extract", args=[icb.code]), PERIOD | given)


def test_has_every_method_in_force_on_a_day_of_the_period(icb):
    days = [FIRST + dt.timedelta(days=n) for n in range(-2, 95)]
    for start in (days[0], days[2], days[50], days[93], days[94]):
        for lasts in (None, 0, 1, 2, 3, 60):
            ended_on = None if lasts is None else start + dt.timedelta(days=lasts)
            make_spell(icb, started_on=start, ended_on=ended_on, methods=("notional", "direct_payment"))
    make_spell(CommissionerFactory(), started_on=FIRST)
    wanted = set()
    for part in MethodPart.objects.select_related("phb"):
        ran = [day for day in days[2:94] if part.starts_on <= day and (part.ends_on is None or day < part.ends_on)]
        if part.phb.commissioner_id == icb.pk and any(in_place(part.phb, day) for day in ran):
            wanted.add(part.pk)
    assert set(extract_of(counted(icb, LAST), FIRST).values_list("pk", flat=True)) == wanted
    assert 0 < len(wanted) < MethodPart.objects.count() - 2


def test_file_has_the_rows_that_the_page_counts_and_is_logged(reader, icb):
    made = make_budget(icb, agreed_on=dt.date(2026, 6, 30), started_on=FIRST)
    make_spell(icb, cohort_code="wheelchair", started_on=FIRST, methods=("third_party", "notional"))
    assert "3 rows" in page_of(reader, icb).text
    _, rows = file_of(reader, icb)
    assert sorted(row["Method"] for row in rows) == ["Notional budget", "Notional budget", "Third-party budget"]
    assert (rows[0]["NHS number"], rows[0]["Basis"]) == (made.person.nhs_number, "Legal right")
    assert (rows[0]["Budget amount a year"], rows[0]["NHS share, per cent"]) == ("52000.00", "100.00")
    assert (rows[1]["Basis"], rows[1]["Budget started on"]) == ("Not recorded", "2026-07-01")
    logged = AccessLogEntry.objects.latest("pk")
    assert (logged.detail["what"], logged.detail["rows"], logged.commissioner) == ("extract", 3, icb)


def test_filters_narrow_page_and_file_alike(reader, icb):
    make_spell(icb, started_on=FIRST, methods=("third_party", "notional"))
    make_spell(icb, cohort_code="wheelchair", started_on=FIRST)
    for chosen, number in (({"cohort": "wheelchair"}, 1), ({"method": "third_party"}, 1), ({}, 3)):
        assert len(file_of(reader, icb, **chosen)[1]) == number
        assert f"{number} row" in page_of(reader, icb, **chosen).text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"first_on": "2026-13-45"}, "There is a problem"),
        ({"first_on": "soon"}, "There is a problem"),
        ({"last_on": "2026-06-01"}, "Last day must be the same as or after the first day"),
        ({"cohort": "none"}, "There is a problem"),
        ({"first_on": ""}, "There is a problem"),
    ],
)
def test_wrong_filter_is_said_and_gives_no_file(reader, icb, given, says):
    answer = page_of(reader, icb, **given)
    assert answer.status_code == 422
    assert says in answer.text
    answer, rows = file_of(reader, icb, **given)
    assert (answer.status_code, rows) == (302, [])


def test_page_without_dates_is_of_the_quarter_so_far(reader, icb):
    answer = reader.get(reverse("reporting:extract", args=[icb.code]))
    assert answer.status_code == 200
    assert "There is no row" in answer.text


def test_is_not_for_those_who_may_not_see_people_nor_for_others(icb):
    make_spell(icb, started_on=FIRST)
    board, stranger = Client(), Client()
    board.force_login(MembershipFactory(commissioner=icb, role=Role.GOVERNING_BODY).user)
    stranger.force_login(make_team(CommissionerFactory()))
    assert page_of(board, icb).status_code == 404
    assert file_of(board, icb)[0].status_code == 403
    assert page_of(stranger, icb).status_code == 404
    assert file_of(stranger, icb)[0].status_code == 302
