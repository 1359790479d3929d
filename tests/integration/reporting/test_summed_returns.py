"""The returns of several commissioners added up: to the last cell, with who has not submitted, and telling nothing."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from phb_register.models import AccessLogEntry, Commissioner
from phb_register.roles import Role
from phb_register.spreadsheets import Table
from reporting.models import FigureRelease, NationalReturn
from reporting.rules.quarters import Quarter
from reporting.rules.returns import CELLS_BY_CODE
from reporting.services.returns import record_window, submit
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell
from tests.support.module_rows import rows_of_a_module

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2024, 2)
YEAR_TOTAL, END_TOTAL = "year_to_date-total-everybody", "quarter_end-total-everybody"
BUDGETS = (7, 2, 6)


@pytest.fixture(scope="module")
def partnership(django_db_setup, django_db_blocker):
    """Three commissioners with seven, two and six budgets; the third has not submitted its return."""
    with rows_of_a_module(django_db_blocker):
        yield make_partnership()


def make_partnership():
    found = CommissionerFactory(kind="partnership", name="Testing partnership", opened_on=dt.date(2013, 4, 1))
    record_window(
        by=None, quarter=QUARTER, opens_on=dt.date(2024, 10, 1), closes_on=dt.date(2126, 1, 1), source="For a test"
    )
    for place, budgets in enumerate(BUDGETS):
        member = CommissionerFactory(name=f"Member {place}", opened_on=dt.date(2013, 4, 1))
        found.members.create(member=member, starts_on=dt.date(2013, 4, 1))
        for number in range(budgets):
            born_on = dt.date(2015, 1, 1) if number == 1 else dt.date(1960, 1, 1)
            person = PersonFactory(commissioner=member, born_on=born_on)
            make_spell(member, person=person, started_on=dt.date(2024, 5, 1), methods=("direct_payment",))
        if place < 2:
            submit(commissioner=member, quarter=QUARTER, by=make_team(member), reason="Right all the same")
    return found


def at(commissioner, name="summed-return", **given):
    return reverse(f"reporting:{name}", kwargs={"code": commissioner.code, "quarter": QUARTER.code, **given})


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def numbers(response):
    """The cells of the tables of the page, as they stand there, by group."""
    return [
        {row[0]["text"]: [cell.get("text", cell.get("html")) for cell in row[1:]] for row in part["table"]["rows"]}
        for part in response.context["tables"]
    ]


def test_team_sees_the_exact_sum_and_who_has_not_submitted(client, partnership):
    sign_in(client, Role.PHB_TEAM, partnership)
    answer = client.get(at(partnership))
    assert "2 of 3 commissioners submitted" in answer.text
    assert answer.context["missing"] == ["Member 2"]
    submitted = NationalReturn.objects.all()
    for code, cell in CELLS_BY_CODE.items():
        expected = sum(each.cells[code] for each in submitted)
        if not expected:
            continue
        parts = client.get(at(partnership, "summed-return-parts", cell=code))
        assert f">{expected}</a>" in answer.text
        assert f"{expected} added up over" in parts.text, cell
        assert [row[0]["html"] for row in parts.context["table"]["rows"]] == [
            f'<a class="nhsuk-link" href="{at(each.snapshot.commissioner, "return")}">{each.snapshot.commissioner}</a>'
            for each in submitted.order_by("snapshot__commissioner__name")
        ]
    people = at(Commissioner.objects.get(name="Member 1"), "return-people", cell=END_TOTAL)
    parts = client.get(at(partnership, "summed-return-parts", cell=END_TOTAL))
    assert f'href="{people}">2</a>' in parts.text
    assert client.get(people).context["page"].paginator.count == 2


def test_correction_takes_the_place_of_what_was_submitted(client, partnership):
    sign_in(client, Role.PHB_TEAM, partnership)
    member = Commissioner.objects.get(name="Member 1")
    make_spell(member, started_on=dt.date(2024, 7, 1))
    assert "9 added up" in client.get(at(partnership, "summed-return-parts", cell=YEAR_TOTAL)).text
    submit(commissioner=member, quarter=QUARTER, by=make_team(member), reason="One was entered late")
    assert "10 added up" in client.get(at(partnership, "summed-return-parts", cell=YEAR_TOTAL)).text


def test_others_see_the_sum_of_what_they_see_of_each(client, partnership):
    """Nothing is in a sum that its reader is not shown of one return: it is added up here from their own pages."""
    user = sign_in(client, Role.GOVERNING_BODY, partnership)
    for name in ("Member 0", "Member 1", "Member 2"):
        MembershipFactory(user=user, role=Role.GOVERNING_BODY, commissioner=Commissioner.objects.get(name=name))
    answer = client.get(at(partnership))
    apart = [numbers(client.get(at(Commissioner.objects.get(name=f"Member {place}"), "return"))) for place in (0, 1)]
    assert "/people/" not in answer.text
    for found, first, second in zip(numbers(answer), *apart, strict=True):
        for group, (people, hidden) in found.items():
            told = [first[group][0], second[group][0]]
            assert int(hidden) == told.count("*"), group
            assert f"{sum(int(each) for each in told if each != '*')}" in people
    assert any("*" in each[0] for table in apart for of in table for each in of.values())
    parts = client.get(at(partnership, "summed-return-parts", cell=END_TOTAL))
    assert "1 of their numbers are hidden" in parts.text or "hidden and are not in it" in parts.text
    assert "/people/" not in parts.text


def test_reader_of_the_partnership_alone_gets_no_numbers_of_its_members(client, partnership, django_assert_num_queries):
    sign_in(client, Role.GOVERNING_BODY, partnership)
    answer = client.get(at(partnership))
    assert FigureRelease.objects.filter(part="return").count() == 2
    releases = FigureRelease.objects.count()
    again = client.get(at(partnership))
    assert numbers(again) == numbers(answer)
    assert FigureRelease.objects.count() == releases, "what was shown is not counted again"
    with django_assert_num_queries(14):
        client.get(at(partnership))


def test_files_have_every_sum_and_are_noted(client, partnership):
    user = sign_in(client, Role.PHB_TEAM, partnership)
    head, _, body = b"".join(client.get(at(partnership, "summed-return-csv"))).decode("utf-8-sig").partition("\r\n\r\n")
    assert "Not submitted,Member 2" in head
    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(body))}
    assert len(rows) == len(CELLS_BY_CODE)
    assert (rows[END_TOTAL]["People"], rows[END_TOTAL]["Numbers hidden"]) == ("9", "0")
    assert rows["quarter_end-direct_payment-everybody"]["Per cent of the total"] == "100"
    assert AccessLogEntry.objects.filter(actor=user, action="export").latest("pk").detail["rows"] == len(rows)
    workbook = client.get(at(partnership, "summed-return-workbook")).content
    lines = [" ".join(row.cells) for row in Table(workbook, "returns.xlsx").rows()]
    assert sum("quarter_end-" in line for line in lines) == len(rows) // 2


def test_england_adds_up_everybody_of_the_day(client, partnership):
    england = Commissioner.objects.get(kind="nation")
    sign_in(client, Role.ANALYST, england)
    answer = client.get(at(england))
    assert answer.status_code == 200
    assert "2 of " in answer.text
    assert "Member 2" in answer.context["missing"]
    found = numbers(answer)[1]
    assert "7" in found["Total"][0]


def test_one_commissioner_and_other_quarters_have_no_sum(client, partnership):
    sign_in(client, Role.PHB_TEAM, partnership)
    assert client.get(at(Commissioner.objects.get(name="Member 0"))).status_code == 404
    for quarter in ("1999-00-q1", "nonsense", "2099-00-q1"):
        address = reverse("reporting:summed-return", args=[partnership.code, quarter])
        assert client.get(address).status_code == 404
    assert client.get(at(partnership, "summed-return-parts", cell="nothing")).status_code == 404
    empty = reverse("reporting:summed-return", args=[partnership.code, "2023-24-q1"])
    assert "0 of 3 commissioners submitted" in client.get(empty).text
