"""The lists of a commissioner as files: linked under each page, with exactly its rows, of nobody else, and logged."""

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from phb_register import jobs
from phb_register.models import AccessLogEntry, Commissioner, Job, ListWorkbook, User
from phb_register.roles import Role
from phb_register.services.list_workbooks import JOB_KIND
from reporting.rules.quarters import Quarter
from reporting.services.returns import submit
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.releases import make_release
from tests.factories.reporting import make_spell
from tests.factories.scheduled_reports import made_report

pytestmark = pytest.mark.django_db

QUARTER = Quarter(2024, 2)
OF_QUARTER = {"quarter": QUARTER.code}
IN_QUARTER = {"as_at": "2024-09-30"}
#: Each list with its page, what the page's address has in its path, and behind it.
LISTS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    ("national-returns", "returns", {}, {}),
    ("return-people", "return-people", {**OF_QUARTER, "cell": "quarter_end-total-everybody"}, {}),
    ("return-movers", "return-movers", {**OF_QUARTER, "basis": "quarter_end", "row": "total", "change": "joined"}, {}),
    ("equity-people", "equity-people", {}, {**IN_QUARTER, "characteristic": "sex", "group": "female"}),
    ("snapshots", "snapshots", {}, {}),
    ("reports", "scheduled-reports", {}, {}),
    ("disclosure-log", "disclosure-log", {}, {}),
)
FIGURES = (("figures", "dashboard", IN_QUARTER), ("equity", "equity", IN_QUARTER), ("variation", "variation", {}))


@pytest.fixture
def icb() -> Commissioner:
    commissioner: Commissioner = CommissionerFactory()
    for name, started in (("=Kestrel", dt.date(2024, 5, 1)), ("Merlin", dt.date(2024, 8, 1))):
        person = PersonFactory(commissioner=commissioner, family_name=name, sex="female")
        make_spell(commissioner, person=person, started_on=started)
    make_release(commissioner)
    return commissioner


@pytest.fixture
def team(client: Client, icb: Commissioner) -> User:
    user = make_team(icb)
    for quarter in (QUARTER.before, QUARTER):
        submit(commissioner=icb, quarter=quarter, by=user, reason="The window is not announced yet")
    made_report(icb, user)
    client.force_login(user)
    return user


def csv_rows(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.streaming, answer.get("Location")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    return lines[lines.index([]) + 2 :]


def link_of(answer: Any, code: str) -> str:
    (found,) = re.findall(rf'href="(/lists/{code}\.csv[^"]*)"', answer.content.decode())
    return html.unescape(found)


@pytest.mark.parametrize(("code", "name", "path", "query"), LISTS, ids=lambda each: str(each)[:60])
def test_file_has_the_rows_of_its_page(
    client: Client, icb: Commissioner, team: User, code: str, name: str, path: dict[str, str], query: dict[str, str]
) -> None:
    page = client.get(reverse(f"reporting:{name}", kwargs={"code": icb.code, **path}), query)
    table = page.context["table"]["rows"]
    assert table
    address = link_of(page, code)
    found = csv_rows(client, address)
    total = page.context["page"].paginator.count if "page" in page.context else len(table)
    assert len(found) == total
    entry = AccessLogEntry.objects.filter(action="export").latest("pk")
    assert (entry.actor, entry.commissioner) == (team, icb)
    assert (entry.detail["what"], entry.detail["rows"]) == (code, total)
    stranger = Client()
    stranger.force_login(_everything(CommissionerFactory()))
    assert stranger.get(stranger.get(address)["Location"]).status_code == 404


def test_a_change_of_the_return_leads_to_those_who_joined(client: Client, icb: Commissioner, team: User) -> None:
    asked = {"code": icb.code, **LISTS[2][2]}
    address = link_of(client.get(reverse("reporting:return-movers", kwargs=asked)), "return-movers")
    assert [row[0].partition(",")[0] for row in csv_rows(client, address)] == ["MERLIN"]
    people = link_of(
        client.get(reverse("reporting:return-people", kwargs={"code": icb.code, **LISTS[1][2]})), "return-people"
    )
    assert [row[0].partition(",")[0] for row in csv_rows(client, people)] == ["'=KESTREL", "MERLIN"]


@pytest.mark.parametrize(("code", "name", "query"), FIGURES)
@pytest.mark.parametrize("role", [Role.PHB_TEAM, Role.GOVERNING_BODY])
def test_figures_are_a_workbook_too(
    client: Client, icb: Commissioner, team: User, code: str, name: str, query: dict[str, str], role: Role
) -> None:
    """The same rows, of the reader who asks: hidden numbers stay hidden."""
    user = UserFactory(role=role, role__commissioner=icb)
    client.force_login(user)
    address = link_of(client.get(reverse(f"reporting:{name}", args=[icb.code]), query), code)
    found = csv_rows(client, address)
    client.post(address.replace(".csv", "/workbook/"))
    job = Job.objects.get(kind=JOB_KIND)
    jobs.run(job.pk)
    made = ListWorkbook.objects.get(pk=job.parameters["workbook"])
    assert made.rows == len(found)
    assert made.filename.startswith(f"{code}-{icb.code}-")
    if code == "figures":
        assert made.filename == f"figures-{icb.code}-2024-09-30.xlsx"
        assert ["In place: children", "*"] not in found
        assert any("*" in row for row in found) == (role == Role.GOVERNING_BODY)


@pytest.mark.parametrize(
    ("code", "query", "status"),
    [
        ("return-people", {"quarter": "2024-9", "cell": "x"}, 404),
        ("return-people", {"quarter": QUARTER.code, "cell": "x"}, 404),
        ("return-people", {}, 200),
        ("return-movers", {"quarter": QUARTER.code, "basis": "x", "row": "total", "change": "joined"}, 404),
        ("equity-people", {"characteristic": "height", "group": "tall"}, 422),
        ("figures", {"as_at": "soon"}, 422),
        ("equity", {"cohort": "none"}, 422),
        ("variation", {"months": "x"}, 422),
    ],
)
def test_wrong_address_leads_to_a_page_that_says_so(
    client: Client, icb: Commissioner, team: User, code: str, query: dict[str, str], status: int
) -> None:
    answer = client.get(f"/lists/{code}.csv", {"commissioner": icb.code, **query})
    assert client.get(answer["Location"]).status_code == status
    assert client.get(f"/lists/{code}.csv")["Location"] == reverse("reporting:dashboards")


def test_who_sees_no_people_gets_no_people(client: Client, icb: Commissioner) -> None:
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=icb))
    for code in ("return-people", "return-movers", "equity-people", "disclosure-log"):
        assert client.get(f"/lists/{code}.csv", {"commissioner": icb.code}).status_code == 403
    page = client.get(reverse("reporting:snapshots", args=[icb.code]))
    assert page.status_code == 200


def _everything(commissioner: Commissioner) -> User:
    user: User = UserFactory()
    for role in Role:
        MembershipFactory(user=user, role=role, commissioner=commissioner)
    return user
