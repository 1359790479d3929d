"""The people behind a figure as a file: exactly as many as the figure, as at and as known on its dates, logged."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from offers.models import Cohort
from phb_register.models import AccessLogEntry, Commissioner
from phb_register.roles import Role
from reporting import measures as m
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

FILE = "/lists/people-behind.csv"
TODAY = dt.date(2026, 11, 2)
STARTED = dt.date(2026, 5, 1)


@pytest.fixture
def body() -> Commissioner:
    found: Commissioner = CommissionerFactory()
    return found


@pytest.fixture
def signed_in(client: Client, body: Commissioner) -> Client:
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=body))
    return client


def start(body: Commissioner, name: str, cohort: str = "chc", **given: Any) -> None:
    person = PersonFactory(commissioner=body, family_name=name)
    of = Cohort.objects.get(code=cohort)
    bare_budget(body, cohort=of, person=person, **{"agreed_on": STARTED, "started_on": STARTED, **given})


def rows(client: Client, **query: str) -> list[list[str]]:
    answer = client.get(FILE, query)
    assert answer.streaming, query
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    return lines[lines.index([]) + 2 :]


@pytest.mark.parametrize("measure", [each.code for each in m.OF_SPELLS if each.has_people])
def test_file_has_as_many_rows_as_the_page_counts(measure: str, signed_in: Client, body: Commissioner) -> None:
    for name in ("Kestrel", "=Merlin"):
        start(body, name)
    start(body, "Heron", "s117", started_on=None)
    page = signed_in.get(f"/dashboard/{body.code}/people/{measure}/")
    assert len(rows(signed_in, commissioner=body.code, measure=measure)) == page.context["page"].paginator.count


def test_file_follows_date_part_and_filters_and_says_so(signed_in: Client, body: Commissioner) -> None:
    start(body, "Kestrel")
    start(body, "Heron", "s117")
    asked = {"commissioner": body.code, "measure": "by_cohort"}
    assert len(rows(signed_in, **asked)) == 2
    assert [row[0].partition(",")[0] for row in rows(signed_in, **asked, part="s117")] == ["HERON"]
    assert rows(signed_in, **asked, as_at="2026-04-30") == []
    entry = AccessLogEntry.objects.filter(action="export").latest("pk")
    assert entry.commissioner == body
    assert (entry.detail["what"], entry.detail["rows"]) == ("people-behind", 0)
    assert entry.detail["filters"]["as_at"] == "2026-04-30"


def test_file_as_known_on_a_day_has_what_the_figure_had_then(signed_in: Client, body: Commissioner) -> None:
    with travel(dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)):
        start(body, "Kestrel")
    with travel(dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)):
        start(body, "Latecomer")
    known_on = dt.date(2026, 6, 30)
    asked = {"commissioner": body.code, "measure": "phbs_in_place", "as_at": "2026-06-30"}
    assert len(rows(signed_in, **asked)) == 2
    then = rows(signed_in, **asked, known_on=known_on.isoformat())
    assert len(then) == figures_for(counted(body, known_on, known_on=known_on)).phbs_in_place


@pytest.mark.parametrize(
    "query", [{}, {"commissioner": "no"}, {"measure": "no"}, {"measure": "population"}, {"as_at": "never"}]
)
def test_wrong_address_leads_to_a_page_that_says_so(query: dict[str, str], signed_in: Client, body: Any) -> None:
    whole = {"commissioner": body.code, "measure": "phbs_in_place", **query} if query else {}
    answer = signed_in.get(FILE, whole)
    assert answer.status_code == 302
    assert signed_in.get(answer["Location"]).status_code in {200, 302, 404, 422}


def test_people_of_others_are_in_no_file(client: Client, body: Commissioner) -> None:
    start(body, "Kestrel")
    client.force_login(UserFactory(role=Role.PHB_TEAM))
    assert client.get(FILE, {"commissioner": body.code, "measure": "phbs_in_place"}).status_code == 302
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body))
    assert client.get(FILE, {"commissioner": body.code, "measure": "phbs_in_place"}).status_code == 403
