"""Dates and filters in the address of the dashboard, its file, the lists behind figures, and of the command."""

import csv
import datetime as dt
import html
import io
import json
import re
from http import HTTPStatus

import pytest
from django.core.management import CommandError, call_command

from budgets.models import PersonalHealthBudget
from phb_register import clock
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.selectors.people import removed_since
from tests.factories.past import entered_days_ago, take_away
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
AS_AT = "2017-02-07"
YESTERDAY = clock.today() - dt.timedelta(days=1)


@pytest.fixture
def register():
    """Five adults with notional budgets of CHC, three with direct payments, jointly paid; a child with a wheelchair."""
    icb = CommissionerFactory()
    for number in range(8):
        by_payment = number >= 5
        methods = ("direct_payment",) if by_payment else ("notional",)
        make_spell(icb, methods=methods, nhs_percent=60 if by_payment else 100)
    child = PersonFactory(commissioner=icb, born_on=dt.date(2010, 5, 5), family_name="Younger")
    make_spell(icb, person=child, cohort_code="wheelchair", started_on=dt.date(2016, 12, 1))
    return icb


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def page(client, commissioner, path="", **query):
    return client.get(f"/dashboard/{commissioner.code}/{path}", {"as_at": AS_AT, **query})


def words(response):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def rows_of(response):
    return response.content.decode().count('<tr class="nhsuk-table__row"') - 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 9),
        ({"cohort": "wheelchair"}, 1),
        ({"method": "direct_payment"}, 3),
        ({"age_group": "children"}, 1),
        ({"age_group": "adults", "funding": "nhs"}, 5),
        ({"funding": "joint", "method": "notional"}, 0),
    ],
)
def test_filters_narrow_the_dashboard_its_file_and_its_lists(client, register, query, count):
    sign_in(client, Role.PHB_TEAM, register)
    found = page(client, register, **query)
    links = re.findall(r'href="(/dashboard/[^"]+/people/phbs_in_place/[^"]+)"[^>]*>([\d,]+)<', found.content.decode())
    assert {figure for _, figure in links} == {str(count)}
    address = html.unescape(links[0][0])
    assert all(f"{name}={value}" in address for name, value in query.items())
    assert max(rows_of(client.get(address)), 0) == count
    asked = {"commissioner": register.code, "as_at": AS_AT, **query}
    lines = list(csv.reader(io.StringIO(client.get("/lists/figures.csv", asked).getvalue().decode("utf-8-sig"))))
    assert next(line for line in lines if line[1:3] == ["phbs_in_place", ""])[3] == str(count)
    assert (next(line for line in lines if line[0] == "Filters")[1] == "None") == (not query)


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ({"cohort": "nobody"}, "Select a cohort from the list"),
        ({"method": "cash"}, "Select a method from the list"),
        ({"age_group": "18"}, "Select an age group from the list"),
        ({"funding": "all"}, "Select who pays from the list"),
        ({"known_on": "yesterday"}, "“yesterday” is not a date"),
        ({"known_on": "2999-01-01"}, "must be today or in the past"),
        ({"known_on_day": "31", "known_on_month": "2", "known_on_year": "2020"}, "must be a real date"),
    ],
)
def test_wrong_filter_is_answered_with_the_remedy_and_kept(client, register, query, remedy):
    sign_in(client, Role.PHB_TEAM, register)
    file = client.get("/lists/figures.csv", {"commissioner": register.code, "as_at": AS_AT, **query})
    pages = [page(client, register, path, **query) for path in ("", "people/phbs_in_place/")]
    for answer in (*pages, client.get(file["Location"])):
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert remedy in words(answer)


@pytest.mark.parametrize("query", [{"cohort": "chc"}, {"known_on": "2026-01-01"}, {"age_group": "children"}])
def test_readers_of_controlled_figures_get_no_parts_of_them(client, register, query):
    sign_in(client, Role.GOVERNING_BODY, register)
    answer = client.get(f"/dashboard/{register.code}/", {"as_at": "2017-01-31", **query})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "for those who may see the people behind the figures" in words(answer)
    assert 'name="age_group"' not in answer.content.decode()


def test_list_as_known_on_a_day_says_who_was_removed_since_and_is_noted(client, register):
    user = sign_in(client, Role.PHB_TEAM, register)
    entered_days_ago(2)
    wheelchair = PersonalHealthBudget.objects.get(cohort__code="wheelchair")
    take_away(wheelchair)
    assert "YOUNGER" not in words(page(client, register, "people/phbs_in_place/"))
    then = page(client, register, "people/phbs_in_place/", known_on=YESTERDAY.isoformat())
    assert rows_of(then) == 9
    assert "YOUNGER" in words(then)
    assert "Removed: its import was undone" in words(then)
    assert f"/{wheelchair.reference}/" not in then.content.decode()
    entry = AccessLogEntry.objects.filter(actor=user, action="read").order_by("pk").last()
    assert entry.detail["known_on"] == YESTERDAY.isoformat()
    assert removed_since([wheelchair]) == {wheelchair.pk}


def measured(*args):
    out = io.StringIO()
    call_command("measures", *args, stdout=out)
    return out.getvalue()


def test_command_narrows_and_says_so(register):
    found = json.loads(
        measured("--commissioner", register.code, "--as-at", AS_AT, "--method", "direct_payment", "--json")
    )
    assert (found["phbs_in_place"], found["only"]) == (3, {"method": "direct_payment"})
    assert found["by_funding"] == {"nhs": 0, "joint": 3}
    assert found["new_year_to_date"] == 3
    then = json.loads(measured("--commissioner", register.code, "--as-at", AS_AT, "--known-on", AS_AT, "--json"))
    assert (then["phbs_in_place"], then["known_on"]) == (0, AS_AT)


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        (["--cohort", "nobody"], "Give one of these: "),
        (["--known-on", "soon"], "Write --known-on as year-month-day"),
        (["--known-on", "2999-01-01"], "Give a date from 2013-04-01 to today"),
    ],
)
def test_command_says_what_is_wrong_with_an_option(register, options, remedy):
    with pytest.raises(CommandError, match=remedy):
        measured("--commissioner", register.code, *options)
