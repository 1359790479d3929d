"""The pages of resource implications: who may ask, what each may see, and what is logged."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from eligibility.models import ResourceImplications
from offers.models import Cohort
from phb_register import jobs
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.factories.resource_implications import (
    BEFORE,
    COHORT,
    PERIOD,
    TODAY,
    commissioner_with_offer,
    make_version,
    screened,
    team_of,
    worked_out,
)

pytestmark = pytest.mark.django_db

FILE = "/lists/resource-implications.csv"


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


def sent(commissioner=None, as_at=TODAY):
    data = {}
    for name, day in (("as_at", as_at), ("period_from", PERIOD[0]), ("period_to", PERIOD[1])):
        data |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return data | ({"commissioner": commissioner.code} if commissioner else {})


def url_of(name, *args):
    return reverse(f"eligibility:resource-implications{name}", args=args)


def test_team_asks_and_is_led_to_the_job_and_from_it_to_the_result(client: Client, commissioner, version):
    team = team_of(commissioner)
    screened(commissioner, condition=True)
    client.force_login(team)
    address = url_of("", version.rule_set.code, version.number)
    page = client.get(address).content.decode()
    assert 'value="2025"' in page, "the last whole year"
    assert 'value="2027"' in page, "the day the version begins"
    answer = client.post(address, sent())
    run = ResourceImplications.objects.get()
    assert answer["Location"] == reverse("phb_register:job", args=[run.job.reference])
    waiting = client.get(url_of("-result", run.reference))
    assert (waiting["Refresh"], "worked out" in waiting.content.decode()) == ("5", True)
    jobs.run(run.job_id)
    job = client.get(answer["Location"]).content.decode()
    assert url_of("-result", run.reference) in job
    assert client.post(address, sent())["Location"] == url_of("-result", run.reference)
    assert "1 person would newly come in" in client.get(url_of("-result", run.reference)).content.decode()
    assert "Worked out" in client.get(address).content.decode()


def test_wrong_dates_are_answered_beside_the_field_and_kept(client, commissioner, version):
    client.force_login(team_of(commissioner))
    answer = client.post(url_of("", version.rule_set.code, version.number), sent(as_at=dt.date(2012, 1, 1)))
    assert answer.status_code == 422
    assert "counts nobody on 1 January 2012" in answer.content.decode()
    assert 'value="2012"' in answer.content.decode()


def test_governing_body_sees_counts_and_costs_only_as_far_as_they_tell_of_nobody(client, commissioner, version):
    cohort = Cohort.objects.get(code=COHORT)
    for _ in range(5):
        bare_budget(commissioner, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE)
    for _ in range(3):
        screened(commissioner, condition=True)
    run = worked_out(version, commissioner)
    client.force_login(team_of(commissioner, Role.GOVERNING_BODY))
    page = client.get(url_of("-result", run.reference)).content.decode()
    assert "a small or protected number of people (*) would newly come in" in page
    assert "£3,000" not in page
    assert "The cost is not shown" in page
    assert url_of("-people", run.reference) not in page
    assert client.get(url_of("-people", run.reference)).status_code == 403
    assert client.get(FILE, {"run": run.reference}).status_code == 403
    client.force_login(team_of(commissioner))
    page = client.get(url_of("-result", run.reference)).content.decode()
    assert "£3,000" in page
    assert url_of("-people", run.reference) in page


def test_governing_body_sees_large_counts_and_their_cost(client, commissioner, version):
    cohort = Cohort.objects.get(code=COHORT)
    for _ in range(5):
        bare_budget(commissioner, cohort=cohort, agreed_on=BEFORE, started_on=BEFORE)
    for _ in range(6):
        screened(commissioner, condition=True)
    run = worked_out(version, commissioner)
    client.force_login(team_of(commissioner, Role.GOVERNING_BODY))
    page = client.get(url_of("-result", run.reference)).content.decode()
    assert "6 people would newly come in and 0 people would fall out" in page
    assert "£6,000" in page


def test_asked_form_is_not_for_the_governing_body(client, commissioner, version):
    client.force_login(team_of(commissioner, Role.GOVERNING_BODY))
    address = url_of("", version.rule_set.code, version.number)
    assert "Work out the resource implications" not in client.get(address).content.decode()
    assert client.post(address, sent()).status_code in (403, 422)
    assert not ResourceImplications.objects.exists()


def test_pages_of_another_commissioner_are_not_found(client, commissioner, version):
    screened(commissioner, condition=True)
    run = worked_out(version, commissioner)
    client.force_login(team_of(CommissionerFactory()))
    addresses = [url_of(name, run.reference) for name in ("-result", "-people")]
    assert client.get(FILE, {"run": run.reference})["Location"] == url_of("-people", run.reference) + "?"
    for address in [*addresses, url_of("", version.rule_set.code, version.number)]:
        assert client.get(address).status_code == 404, address


def test_list_is_paged_by_key_filtered_and_logged(client, commissioner, version, monkeypatch):
    monkeypatch.setattr("eligibility.selectors.resource_implications.page_of_people.__defaults__", (2,))
    people = [screened(commissioner, condition=True) for _ in range(5)]
    screened(commissioner, condition=None)
    run = worked_out(version, commissioner)
    client.force_login(team_of(commissioner))
    address, seen = f"{url_of('-people', run.reference)}?change=comes_in", []
    while address:
        answer = client.get(address)
        seen += AccessLogEntry.objects.order_by("-pk").first().detail["people"]
        following = (answer.context["pagination"] or {}).get("next")
        address = following and url_of("-people", run.reference) + following["href"]
    assert seen == [person.pk for person in sorted(people, key=lambda person: person.family_name)]


def test_list_costs_the_same_queries_for_one_person_and_for_many(client, commissioner, version):
    screened(commissioner, condition=True)
    client.force_login(team_of(commissioner))
    found = []
    for _ in range(2):
        run = worked_out(version, commissioner, as_at=TODAY - dt.timedelta(days=len(found)))
        client.get(url_of("-people", run.reference))
        with CaptureQueriesContext(connection) as captured:
            client.get(url_of("-people", run.reference))
        found.append(len(captured))
        for _ in range(8):
            screened(commissioner, condition=True)
    assert found[0] == found[1]


def test_file_has_the_rows_of_the_list_runs_no_formula_and_is_logged(client, commissioner, version):
    person = PersonFactory(commissioner=commissioner, family_name="=SUM(A1)", given_name="Testa")
    screened(commissioner, condition=True, person=person)
    screened(commissioner, condition=None)
    run = worked_out(version, commissioner)
    client.force_login(team_of(commissioner))
    answer = client.get(FILE, {"run": run.reference, "change": "comes_in"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Filters", "change: comes_in"] in rows
    assert rows[-1][0] == "'=SUM(A1), Testa"
    assert rows[-1][4:7] == ["Would come in", "not offered", "may request"]
    assert len(rows) - rows.index([]) == 3
    entry = AccessLogEntry.objects.order_by("-pk").first()
    assert (entry.action, entry.detail["rows"]) == ("export", 1)
