"""Every list as a file: the rows of its page, in a file that tells what it is, for those who may, and logged."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from time_machine import travel

from offers.models import Cohort
from phb_register import jobs
from phb_register.list_files import list_file, list_files
from phb_register.list_tasks import write_list_workbook
from phb_register.models import AccessLogEntry, Commissioner, Job, JobState, ListWorkbook, User
from phb_register.roles import Role
from phb_register.services.list_workbooks import JOB_KIND, forget_old_workbooks
from tests.factories.budgets import bare_budget
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

# Their address names of what: they are tried where that is (those of figures in reporting/test_list_files.py).
OF_SOMETHING = {"payments-of-run", "resource-implications", "programme", "money"}
ANYWHERE = [
    each.code
    for each in list_files
    if each.code not in OF_SOMETHING
    and (each.code == "board-packs" or not each.rows.__module__.startswith("reporting."))
]
NOW = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def body() -> Commissioner:
    found: Commissioner = CommissionerFactory()
    return found


@pytest.fixture
def user(body: Commissioner) -> User:
    found: User = UserFactory()
    for role in Role:
        MembershipFactory(user=found, role=role, commissioner=body)
    return found


@pytest.fixture
def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def in_place(body: Commissioner, name: str) -> None:
    person = PersonFactory(commissioner=body, family_name=name)
    chc, day = Cohort.objects.get(code="chc"), dt.date(2026, 10, 1)
    bare_budget(body, cohort=chc, person=person, agreed_on=day, started_on=day)


def csv_of(client: Client, code: str, **query: str) -> tuple[list[list[str]], list[list[str]]]:
    """The head and the rows, headings first."""
    answer = client.get(reverse("phb_register:list-csv", args=[code]), query)
    assert answer["Content-Type"].startswith("text/csv"), code
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    return lines[: lines.index([])], lines[lines.index([]) + 1 :]


def workbook_of(client: Client, code: str, query: str = "") -> ListWorkbook:
    answer = client.post(f"{reverse('phb_register:list-workbook', args=[code])}?{query}")
    job = Job.objects.get(kind=JOB_KIND, state=JobState.QUEUED)
    assert answer["Location"] == reverse("phb_register:job", args=[job.reference])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    found = ListWorkbook.objects.get(pk=job.parameters["workbook"])
    assert job.result_url == reverse("phb_register:list-workbook-file", args=[found.reference])
    return found


@pytest.mark.parametrize("code", ANYWHERE)
def test_every_list_is_a_file_and_its_page_leads_there(code: str, signed_in: Client, body: Commissioner) -> None:
    in_place(body, "Kestrel")
    found = list_file(code)
    assert found
    page = signed_in.get(found.url({}), follow=True)
    assert page.status_code == 200
    head, rows = csv_of(signed_in, code)
    assert head[0] == [found.title]
    assert head[-1][0] == "Made"
    assert rows[0], "a file has headings, whether it has rows or not"
    assert AccessLogEntry.objects.filter(action="export", detail__what=code).count() == 1
    if len(rows) > 1:
        assert f"/lists/{code}.csv" in page.content.decode()


def test_workbook_has_the_rows_of_the_csv(signed_in: Client, body: Commissioner, user: User) -> None:
    for name in ("=1+1", "Kestrel"):
        in_place(body, name)
    head, rows = csv_of(signed_in, "register", state="in_place")
    made = workbook_of(signed_in, "register", "state=in_place&page=7")
    assert made.content is not None
    assert made.rows == len(rows) - 1 == 2
    book = CalamineWorkbook.from_filelike(io.BytesIO(bytes(made.content)))
    sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [cell for cell in sheet[0] if cell] == head[0]
    family = rows[0].index("Family name")
    assert sorted(row[family] for row in sheet[len(head) + 2 :]) == ["=1+1", "Kestrel"]
    entry = AccessLogEntry.objects.filter(action="export").latest("pk")
    assert (entry.actor, entry.detail["rows"]) == (user, 2)
    assert entry.detail["filters"]["format"] == "xlsx"
    answer = signed_in.get(reverse("phb_register:list-workbook-file", args=[made.reference]))
    assert answer.content == bytes(made.content)
    assert answer["Content-Disposition"] == f'attachment; filename="{made.filename}"'


def test_job_that_runs_again_makes_no_second_file_and_no_second_entry(signed_in: Client) -> None:
    made = workbook_of(signed_in, "register")
    write_list_workbook(jobs.JobRun(Job.objects.get(kind=JOB_KIND)))
    again = ListWorkbook.objects.get()
    assert (again.made_at, again.content) == (made.made_at, made.content)
    assert AccessLogEntry.objects.filter(action="export").count() == 1


def test_file_is_fetched_by_nobody_else_and_goes_after_a_day(signed_in: Client, body: Commissioner, user: User) -> None:
    with travel(NOW, tick=False):
        made = workbook_of(signed_in, "register")
    address = reverse("phb_register:list-workbook-file", args=[made.reference])
    other = Client()
    other.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=body))
    assert other.get(address).status_code == 404
    assert forget_old_workbooks(now=NOW + dt.timedelta(hours=23)) == 0
    with travel(NOW, tick=False):
        signed_in.force_login(user)
        assert signed_in.get(address).status_code == 200
        assert forget_old_workbooks(now=NOW + dt.timedelta(hours=24)) == 1
        assert signed_in.get(address).status_code == 404


def test_words_searched_for_go_with_the_file_and_never_into_the_log(signed_in: Client, body: Commissioner) -> None:
    in_place(body, "Kestrel")
    in_place(body, "Merlin")
    signed_in.post(reverse("budgets:register"), {"words": "kestrel"})
    made = workbook_of(signed_in, "register")
    assert (made.rows, made.words) == (1, "kestrel")
    assert "kestrel" not in str(AccessLogEntry.objects.filter(action="export").get().detail).lower()
    forget_old_workbooks(now=NOW + dt.timedelta(days=9999))
    made.refresh_from_db()
    assert made.words == ""


def test_somebody_who_lost_the_role_gets_no_file(signed_in: Client, user: User) -> None:
    signed_in.post(reverse("phb_register:list-workbook", args=["register"]))
    user.memberships.update(ends_on=dt.date(2020, 1, 2), starts_on=dt.date(2020, 1, 1))
    job = Job.objects.get(kind=JOB_KIND)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "You may no longer take this list as a file.")


@pytest.mark.parametrize("code", ["register", "referrals", "returns", "budget-proposals"])
def test_wrong_filter_leads_back_to_the_page_that_says_so(code: str, signed_in: Client) -> None:
    found = list_file(code)
    assert found
    wrong = {"state": "no", "status": "no", "kind": "no"}
    for answer in (
        signed_in.get(reverse("phb_register:list-csv", args=[code]), wrong),
        signed_in.post(f"{reverse('phb_register:list-workbook', args=[code])}?state=no&status=no&kind=no"),
    ):
        assert answer["Location"] == found.url(wrong)
        assert signed_in.get(answer["Location"]).status_code == 422
    assert not ListWorkbook.objects.exists()


@pytest.mark.parametrize("run", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_payments_of_no_run_lead_back(run: str, signed_in: Client) -> None:
    answer: Any = signed_in.get(reverse("phb_register:list-csv", args=["payments-of-run"]), {"run": run})
    assert answer.status_code == 302


def test_there_is_no_such_list(signed_in: Client) -> None:
    assert signed_in.get(reverse("phb_register:list-csv", args=["everything"])).status_code == 404
    assert signed_in.get(reverse("phb_register:list-workbook", args=["register"])).status_code == 405


def test_those_who_may_not_export_get_neither_link_nor_file(client: Client, body: Commissioner) -> None:
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=body))
    assert client.get(reverse("phb_register:list-csv", args=["register"])).status_code == 403
    assert client.post(reverse("phb_register:list-workbook", args=["register"])).status_code == 403
    assert "/lists/register.csv" not in client.get(reverse("budgets:register")).content.decode()


def test_filters_of_a_query_are_those_of_the_page(user: User) -> None:
    found = list_file("register")
    assert found
    assert found.url(QueryDict("state=ended").dict()).endswith("?state=ended")
