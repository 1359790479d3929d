import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from budgets.enums import Method
from budgets.filters import RegisterFilter
from budgets.models import PersonalHealthBudget
from budgets.selectors import personal_health_budgets as selectors
from budgets.selectors.register_pages import register_page
from offers.models import Cohort
from phb_register.models import AccessLogEntry, Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import bare_budget
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

REGISTER = "/register/"
FILE = "/lists/register.csv"
DAY = dt.timedelta(days=1)
AGREED = dt.date(2017, 1, 10)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2017, 2, 7, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


@pytest.fixture
def signed_in(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


@pytest.fixture
def chc() -> Cohort:
    return Cohort.objects.get(code="chc")


def make(commissioner: Commissioner, cohort: Cohort, name: str, **given: Any) -> PersonalHealthBudget:
    born_on = given.pop("born_on", dt.date(1970, 6, 15))
    person = PersonFactory(commissioner=commissioner, family_name=name, born_on=born_on)
    return bare_budget(commissioner, cohort=cohort, person=person, **{"agreed_on": AGREED, **given})


@pytest.fixture
def register(commissioner: Commissioner, chc: Cohort) -> dict[str, PersonalHealthBudget]:
    """One of each kind, named for what it is."""
    child = Cohort.objects.get(code="continuing-care")
    return {
        "Agreed": make(commissioner, chc, "Agreed"),
        "Placed": make(commissioner, chc, "Placed", started_on=AGREED),
        "Ended": make(commissioner, chc, "Ended", started_on=AGREED, ended_on=AGREED + DAY),
        "Young": make(commissioner, child, "Young", started_on=AGREED, born_on=dt.date(2005, 5, 5)),
        "Joint": make(commissioner, chc, "Joint", started_on=AGREED, nhs_percent=60),
        "Mixed": make(commissioner, chc, "Mixed", started_on=AGREED, methods=(Method.NOTIONAL, Method.DIRECT_PAYMENT)),
        "Later": make(commissioner, chc, "Later", agreed_on=dt.date(2017, 2, 8)),
    }


def names(client: Client, query: str = "") -> set[str]:
    answer = client.get(f"{REGISTER}?{query}")
    assert answer.status_code == 200
    text = answer.content.decode()
    found = {
        name
        for name in ("Agreed", "Placed", "Ended", "Young", "Joint", "Mixed", "Later")
        if f"{name.upper()}, " in text
    }
    assert answer.context_data["page"].total == len(found)
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Agreed", "Placed", "Young", "Joint", "Mixed"}),
        ("state=in_place", {"Placed", "Young", "Joint", "Mixed"}),
        ("state=agreed", {"Agreed"}),
        ("state=ended", {"Ended"}),
        ("state=any", {"Agreed", "Placed", "Ended", "Young", "Joint", "Mixed"}),
        ("as_at_day=10&as_at_month=1&as_at_year=2017&state=in_place", {"Placed", "Ended", "Young", "Joint", "Mixed"}),
        ("as_at_day=9&as_at_month=1&as_at_year=2017&state=any", set()),
        ("age=child", {"Young"}),
        ("age=adult&state=in_place", {"Placed", "Joint", "Mixed"}),
        ("funding=joint", {"Joint"}),
        ("funding=nhs&state=in_place", {"Placed", "Young", "Mixed"}),
        ("method=direct_payment", {"Mixed"}),
        ("method=notional&state=ended", {"Ended"}),
    ],
)
def test_register_is_filtered(
    signed_in: Client, register: dict[str, PersonalHealthBudget], query: str, expected: set[str]
) -> None:
    assert names(signed_in, query) == expected


def test_register_is_filtered_by_cohort_and_commissioner(
    signed_in: Client, register: dict[str, PersonalHealthBudget], commissioner: Commissioner
) -> None:
    child = Cohort.objects.get(code="continuing-care")
    assert names(signed_in, f"cohort={child.pk}") == {"Young"}
    assert names(signed_in, f"commissioner={commissioner.pk}&state=agreed") == {"Agreed"}


@pytest.mark.parametrize(
    "query",
    [
        "as_at_day=33&as_at_month=1&as_at_year=2017",
        "state=nonsense",
        "commissioner=0",
        "cohort=x",
        "as_at_day=8&as_at_month=2&as_at_year=2017",
    ],
)
def test_filter_that_cannot_be_read_answers_422_with_the_remedy(
    signed_in: Client, register: dict[str, PersonalHealthBudget], query: str
) -> None:
    answer = signed_in.get(f"{REGISTER}?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert answer.context_data["page"].rows == []
    assert signed_in.get(f"{FILE}?{query}")["Location"].startswith(REGISTER)


def test_filter_that_cannot_be_read_answers_422_to_who_works_for_several_too(
    signed_in: Client, register: dict[str, PersonalHealthBudget], team: User
) -> None:
    MembershipFactory(user=team, role=Role.PHB_TEAM, commissioner=CommissionerFactory())
    assert signed_in.get(f"{REGISTER}?state=nonsense").status_code == 422
    assert signed_in.get(REGISTER).status_code == 200


def test_register_of_another_commissioner_is_empty(client: Client, register: dict[str, PersonalHealthBudget]) -> None:
    client.force_login(make_team(CommissionerFactory()))
    assert names(client, "state=any") == set()


@pytest.mark.parametrize("words", ["pLac", "testa placed", "placed testa"])
def test_search_finds_by_part_of_the_name_and_keeps_it_out_of_the_address(
    signed_in: Client, register: dict[str, PersonalHealthBudget], words: str
) -> None:
    answer = signed_in.post(f"{REGISTER}?state=in_place", {"words": words})
    assert (answer.status_code, answer["Location"]) == (302, f"{REGISTER}?state=in_place")
    assert names(signed_in, "state=in_place") == {"Placed"}
    assert names(signed_in, "state=agreed") == set()
    signed_in.post(REGISTER, {"words": ""})
    assert len(names(signed_in)) == 5


def test_search_finds_by_nhs_number(signed_in: Client, register: dict[str, PersonalHealthBudget]) -> None:
    person = register["Mixed"].person
    signed_in.post(REGISTER, {"words": person.display_nhs_number})
    assert names(signed_in) == {"Mixed"}


@pytest.mark.parametrize("sought_in", ["the order of all", "each commissioner's"])
@pytest.mark.parametrize("count", [1, 4, 5, 10, 13])
def test_pages_hold_every_row_once_in_both_directions(
    commissioner: Commissioner, chc: Cohort, team: User, count: int, sought_in: str
) -> None:
    other = CommissionerFactory()
    MembershipFactory(user=team, role=Role.PHB_TEAM, commissioner=other)
    bodies = () if sought_in == "the order of all" else (commissioner.pk, other.pk)
    for number in range(count):
        make((commissioner, other)[number % 2], chc, f"N{number}", agreed_on=AGREED + DAY * (number // 3))
    rows = selectors.register_of(team)
    expected = sorted(((phb.agreed_on, phb.pk) for phb in rows), reverse=True)
    forward, place = [], ""
    pages = []
    while True:
        page = register_page(rows, bodies=bodies, older_than=place, length=5)
        pages.append(page)
        forward += [(phb.agreed_on, phb.pk) for phb in page.rows]
        assert page.total == count
        if page.older is None:
            break
        place = page.older
    assert forward == expected
    assert len(pages) == -(-count // 5)
    backward, place = [(phb.agreed_on, phb.pk) for phb in pages[-1].rows], pages[-1].newer
    while place:
        page = register_page(rows, bodies=bodies, newer_than=place, length=5)
        backward = [(phb.agreed_on, phb.pk) for phb in page.rows] + backward
        place = page.newer
    assert backward == expected


def test_place_that_cannot_be_read_is_the_first_page(commissioner: Commissioner, chc: Cohort, team: User) -> None:
    make(commissioner, chc, "One")
    for nonsense in ("x", "2017-01-10", "2017-13-01.5", ".", "2017-01-10.x"):
        assert len(register_page(selectors.register_of(team), older_than=nonsense).rows) == 1


def test_links_keep_the_filters(signed_in: Client, commissioner: Commissioner, chc: Cohort) -> None:
    for number in range(51):
        make(commissioner, chc, f"N{number}", started_on=AGREED)
    text = signed_in.get(f"{REGISTER}?state=in_place&age=adult").content.decode()
    assert escape("/register/?state=in_place&age=adult&older_than=2017-01-10.") in text
    assert escape("/lists/register.csv?state=in_place&age=adult") in text


def file_rows(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"{FILE}?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, _, body = text.partition("\r\n\r\n")
    assert "As at,2017-02-07" in head
    return list(csv.DictReader(io.StringIO(body)))


def test_file_has_exactly_the_filtered_rows(
    signed_in: Client, register: dict[str, PersonalHealthBudget], team: User
) -> None:
    rows = file_rows(signed_in, "state=in_place&age=adult")
    assert {row["Family name"] for row in rows} == names(signed_in, "state=in_place&age=adult")
    joint = next(row for row in rows if row["Family name"] == "Joint")
    assert (joint["NHS share"], joint["Local authority share"], joint["State"]) == ("60.00", "40.00", "in_place")
    assert joint["Started on"] == "2017-01-10"
    entry = AccessLogEntry.objects.get(action="export")
    assert (entry.actor, entry.detail["rows"]) == (team, 3)
    assert entry.detail["filters"] == {"state": "in_place", "age": "adult", "as_at": "2017-02-07"}


def test_file_of_a_search_has_what_the_page_has_and_the_log_no_name(
    signed_in: Client, register: dict[str, PersonalHealthBudget]
) -> None:
    signed_in.post(REGISTER, {"words": "mixed"})
    assert [row["Family name"] for row in file_rows(signed_in, "")] == ["Mixed"]
    assert "mixed" not in str(AccessLogEntry.objects.get(action="export").detail)


def test_file_cannot_run_as_a_formula(signed_in: Client, commissioner: Commissioner, chc: Cohort) -> None:
    make(commissioner, chc, "=1+1", started_on=AGREED)
    assert [row["Family name"] for row in file_rows(signed_in, "")] == ["'=1+1"]


def test_file_is_for_those_who_may_export(
    client: Client, commissioner: Commissioner, register: dict[str, PersonalHealthBudget]
) -> None:
    client.force_login(UserFactory(role=Role.REFERRING_NURSE, role__commissioner=commissioner))
    assert "register.csv" not in client.get(REGISTER).content.decode()
    assert client.get(reverse("phb_register:list-csv", args=["register"])).status_code == 403


def test_file_for_a_governing_body_that_sees_no_records_is_refused_or_empty(
    client: Client, commissioner: Commissioner, register: dict[str, PersonalHealthBudget]
) -> None:
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=commissioner))
    assert client.get(REGISTER).status_code == 403
    assert client.get(reverse("phb_register:list-csv", args=["register"])).status_code == 403


def test_query_count_does_not_grow_with_the_rows(
    signed_in: Client, commissioner: Commissioner, chc: Cohort, django_assert_max_num_queries: Any
) -> None:
    make(commissioner, chc, "One", started_on=AGREED)
    with django_assert_max_num_queries(60) as few:
        signed_in.get(REGISTER)
    for number in range(60):
        make(commissioner, chc, f"N{number}", started_on=AGREED, nhs_percent=50)
    with django_assert_max_num_queries(len(few)):
        signed_in.get(REGISTER)


def test_selector_reads_a_page_in_four_queries(
    commissioner: Commissioner, chc: Cohort, team: User, django_assert_num_queries: Any
) -> None:
    for number in range(8):
        make(commissioner, chc, f"N{number}")
    rows = selectors.register_of(team)
    with django_assert_num_queries(4):  # the count, the rows, their methods, their shares
        page = register_page(rows, length=5)
    with django_assert_num_queries(0):
        assert [len(phb.method_parts.all()) + len(phb.funding_shares.all()) for phb in page.rows] == [2] * 5
    with django_assert_num_queries(5):  # and, sought for each commissioner, which rows they are
        assert register_page(rows, bodies=[commissioner.pk], length=5).rows == page.rows


@pytest.mark.parametrize(("bodies", "most"), [(1, 10_000), (17, 1_000)])
def test_what_is_not_in_the_row_is_counted_less_far_for_many_commissioners(
    commissioner: Commissioner, team: User, bodies: int, most: int
) -> None:
    for body in CommissionerFactory.create_batch(bodies - 1):
        MembershipFactory(user=team, role=Role.PHB_TEAM, commissioner=body)

    def counted(query: str) -> int:
        return RegisterFilter(QueryDict(query), selectors.register_of(team), user=team, today=AGREED).most_counted

    assert counted("state=in_place") == 10_000
    assert {counted(query) for query in ("age=child", "method=notional", "funding=joint")} == {most}
    assert counted(f"age=child&commissioner={commissioner.pk}") == 10_000
