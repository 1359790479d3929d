"""The dashboard, its file and its lists: one set of figures, to those who may see them, with every read noted."""

import csv
import datetime as dt
import io
import json
import re
from http import HTTPStatus

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from offers import figures as slots
from phb_register import clock
from phb_register.dates import last_month_end
from phb_register.models import AccessLogEntry
from phb_register.presenters import spoken_date
from phb_register.roles import Role
from reporting.models import EligiblePopulation, Target
from tests.factories.phb_register import CommissionerFactory, PersonFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory, TargetFactory, make_spell

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 2, 7)


@pytest.fixture
def icb():
    commissioner = CommissionerFactory(name="Testing ICB")
    PopulationFactory(commissioner=commissioner, people=10_000)
    EligiblePopulationFactory(commissioner=commissioner)
    return commissioner


@pytest.fixture
def register(icb):
    """Seven adults with CHC, of them one on fast track, and two children with continuing care."""
    for number in range(7):
        make_spell(icb, is_fast_track=number == 0, methods=("direct_payment",) if number < 5 else ("notional",))
    for _ in range(2):
        child = PersonFactory(commissioner=icb, born_on=dt.date(2010, 5, 5))
        make_spell(icb, person=child, cohort_code="continuing-care", methods=("notional",))
    return icb


def sign_in(client, role, commissioner):
    user = UserFactory(role=role, role__commissioner=commissioner)
    client.force_login(user)
    return user


def page(client, commissioner, path="", **query):
    return client.get(f"/dashboard/{commissioner.code}/{path}", {"as_at": "2017-02-07", **query})


def figures_file(client, commissioner, **query):
    return client.get("/lists/figures.csv", {"commissioner": commissioner.code, "as_at": "2017-02-07", **query})


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def file_rows(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    start = next(index for index, line in enumerate(lines) if line and line[0] == "Measure")
    return lines[:start], [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]


def test_dashboards_leads_to_the_only_one(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    assert client.get("/dashboard/")["Location"] == f"/dashboard/{icb.code}/"


def test_dashboards_lists_those_of_the_user(client, icb):
    user = sign_in(client, Role.PHB_TEAM, icb)
    other = CommissionerFactory(name="Other ICB")
    user.memberships.create(role=Role.FINANCE, commissioner=other, starts_on=dt.date(2013, 4, 1))
    text = words(client.get("/dashboard/"))
    assert "Testing ICB" in text
    assert "Other ICB" in text


def test_dashboard_shows_figures_with_definitions_and_chart(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    response = page(client, register)
    text = words(response)
    assert response.status_code == HTTPStatus.OK
    assert "As at the end of 7 February 2017" in text
    assert "Personal health budgets in place 9 " in text
    assert "Rate per 1,000 people 0.900" in text
    assert "Still needed to reach the lower target 1 " in text
    assert "Below the target band" in text
    assert "had not ended by the end of it" in text
    assert "<svg " in response.text
    assert b'role="img"' in response.content


def test_dashboard_without_a_date_is_as_at_today(client, icb, time_machine):
    time_machine.move_to(dt.datetime(2017, 2, 7, 12, tzinfo=dt.UTC))
    sign_in(client, Role.PHB_TEAM, icb)
    assert "As at the end of 7 February 2017" in words(client.get(f"/dashboard/{icb.code}/"))


def test_dashboard_takes_the_date_in_three_boxes(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    boxes = {"as_at_day": "31", "as_at_month": "5", "as_at_year": "2016"}
    text = words(client.get(f"/dashboard/{register.code}/", boxes))
    assert "As at the end of 31 May 2016" in text
    assert "There was no personal health budget" in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"as_at": "2017-02-31"}, "As-at date must be a real date"),
        ({"as_at": "2017-2"}, "“2017-2” is not a date"),
        ({"as_at": "<b>soon"}, "“&lt;b&gt;soon” is not a date"),
        ({"as_at": "2013-03-31"}, "must be on or after 1 April 2013"),
        ({"as_at": "2999-01-01"}, "must be today or in the past"),
        ({"as_at_day": "31", "as_at_month": "2", "as_at_year": "2017"}, "must be a real date"),
    ],
)
@pytest.mark.parametrize("path", ["", "people/phbs_in_place/"])
def test_wrong_date_is_answered_with_the_remedy(client, icb, path, query, message):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.get(f"/dashboard/{icb.code}/{path}", query)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in response.content.decode()
    assert "There is a problem" in words(response)


def test_wrong_date_is_shown_as_it_was_typed(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    content = client.get(f"/dashboard/{icb.code}/?as_at=2017-02-31").content.decode()
    boxes = dict(re.findall(r'name="as_at_(day|month|year)"[^>]*value="(\d+)"', content))
    assert boxes == {"day": "31", "month": "02", "year": "2017"}


def test_dashboard_of_somebody_else_is_not_found(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    for path in ("", "people/phbs_in_place/", "targets/", "eligible-populations/"):
        assert page(client, CommissionerFactory(), path).status_code == HTTPStatus.NOT_FOUND


def test_dashboard_needs_signing_in(client, icb):
    assert page(client, icb)["Location"].startswith("/accounts/login/")


def test_empty_register_says_what_to_do(client):
    commissioner = CommissionerFactory()
    sign_in(client, Role.PHB_TEAM, commissioner)
    text = words(page(client, commissioner))
    assert "There was no personal health budget by 7 February 2017" in text
    assert "Enter a population of" in text
    assert "Enter how many people were eligible for CHC" in text


def test_closed_commissioner_is_shown_as_at_its_last_day(client, icb):
    icb.closed_on = dt.date(2016, 12, 31)
    icb.save()
    sign_in(client, Role.PHB_TEAM, icb)
    assert "As at the end of 31 December 2016" in words(client.get(f"/dashboard/{icb.code}/"))
    assert "closed on 31 December 2016" in words(page(client, icb))


def test_every_figure_leads_to_a_list_of_as_many_rows(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    make_spell(register, agreed_on=dt.date(2017, 2, 1), started_on=None)
    links = re.findall(r'href="(/dashboard/[^"]+/people/[^"]+)">([\d,]+)</a>', page(client, register).content.decode())
    assert len(links) > 15
    for address, figure in links:
        found = client.get(address.replace("&amp;", "&"))
        assert found.status_code == HTTPStatus.OK, address
        rows = found.content.decode().count('<tr class="nhsuk-table__row"') - 1
        assert max(rows, 0) == int(figure.replace(",", "")), address


def test_list_of_people_is_noted_with_whose_records_were_shown(client, register):
    user = sign_in(client, Role.FINANCE, register)
    page(client, register, "people/children_in_place/")
    entry = AccessLogEntry.objects.filter(actor=user, action="read").get()
    assert entry.commissioner == register
    assert entry.detail["what"] == "people behind children_in_place"
    assert len(entry.detail["people"]) == 2


@pytest.mark.parametrize("measure", ["population", "no-such-measure"])
def test_list_of_a_figure_without_people_is_not_found(client, register, measure):
    sign_in(client, Role.PHB_TEAM, register)
    assert page(client, register, f"people/{measure}/").status_code == HTTPStatus.NOT_FOUND


def test_list_of_an_unknown_cohort_says_to_select_one(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    response = page(client, register, "people/by_cohort/", cohort="nobody")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Select a cohort from the list" in words(response)


def test_governing_body_gets_controlled_figures_and_no_links(client, register):
    sign_in(client, Role.GOVERNING_BODY, register)
    response = page(client, register, as_at="2017-01-31")
    text = words(response)
    assert "These figures are safe to share" in text
    assert "Children * " in text
    assert "Adults * " in text
    assert "Personal health budgets in place 9 " in text
    assert "/people/" not in response.content.decode()
    assert page(client, register, "people/phbs_in_place/").status_code == HTTPStatus.FORBIDDEN


def test_somebody_of_one_member_gets_the_partnerships_figures_controlled(client, register):
    """The user may see the people of today's commissioner, not those of one that has left the partnership."""
    partnership = CommissionerFactory(kind="partnership")
    left = CommissionerFactory()
    for member, ends_on in ((register, None), (left, dt.date(2017, 3, 1))):
        partnership.members.create(member=member, starts_on=dt.date(2013, 4, 1), ends_on=ends_on)
    sign_in(client, Role.PHB_TEAM, partnership)
    assert "These figures are safe to share" in words(page(client, partnership, as_at="2017-01-31"))
    assert page(client, partnership, "people/phbs_in_place/").status_code == HTTPStatus.NOT_FOUND
    assert "These figures are safe to share" not in words(page(client, partnership, as_at="2017-03-01"))


def test_governing_body_chooses_among_the_ends_of_months(client, register):
    """Day by day it would see each person start and leave."""
    sign_in(client, Role.GOVERNING_BODY, register)
    led_back = client.get(figures_file(client, register)["Location"])
    for response in (page(client, register), led_back):
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Choose the last day of a month, like 31 January 2017" in words(response)
    shown = client.get(f"/dashboard/{register.code}/").context["as_at"]
    assert shown == spoken_date(last_month_end(clock.today()))


def test_governing_body_sees_what_it_saw_whatever_is_entered_later(client, register):
    sign_in(client, Role.GOVERNING_BODY, register)
    before = words(page(client, register, as_at="2017-01-31"))
    for _ in range(6):
        make_spell(register)
    assert words(page(client, register, as_at="2017-01-31")) == before
    assert "Personal health budgets in place 15 " in words(page(client, register, as_at="2017-02-28"))
    sign_in(client, Role.PHB_TEAM, register)
    assert "Personal health budgets in place 15 " in words(page(client, register, as_at="2017-01-31"))


@pytest.mark.parametrize("role", [Role.PHB_TEAM, Role.GOVERNING_BODY])
def test_file_has_the_figures_of_the_page(client, register, role):
    user = sign_in(client, role, register)
    header, rows = file_rows(figures_file(client, register, as_at="2017-01-31"))
    text = words(page(client, register, as_at="2017-01-31"))
    assert ["As at", "31 January 2017"] in header
    assert any(line[0] == "Made" and str(user) in line for line in header)
    assert all(row["Definition"].endswith(".") for row in rows)
    for row in rows:
        if row["Code"] in ("phbs_in_place", "phbs_agreed", "rate_per_1000", "people_year_to_date"):
            assert f"{row['Measure']} {row['Figure']} " in text
    children = next(row for row in rows if row["Code"] == "children_in_place")
    assert children["Figure"] == ("2" if role == Role.PHB_TEAM else "*")


def test_file_is_noted_as_an_export(client, register):
    user = sign_in(client, Role.PHB_TEAM, register)
    _, rows = file_rows(figures_file(client, register))
    entry = AccessLogEntry.objects.filter(actor=user, action="export").get()
    assert entry.detail["rows"] == len(rows)
    assert entry.detail["filters"] == {"as_at": "2017-02-07", "control": "none"}


def test_file_needs_the_permission_to_export(client, register):
    sign_in(client, Role.AUDITOR, register)
    assert figures_file(client, register).status_code == HTTPStatus.FORBIDDEN


def measured(code, *options):
    out = io.StringIO()
    call_command("measures", "--commissioner", code, "--as-at", "2017-02-07", *options, stdout=out)
    return out.getvalue()


def test_command_page_and_file_agree(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    found = json.loads(measured(register.code, "--json"))
    _, rows = file_rows(figures_file(client, register))
    single = {row["Code"]: row["Figure"] for row in rows if not row["Part"]}
    for key in single.keys() & found.keys():
        assert float(single[key]) == found[key], key
    for group in ("by_cohort", "by_method"):
        assert {row["Part"]: int(row["Figure"]) for row in rows if row["Code"] == group} == found[group]
    for code in ("chc_uptake_including_fast_track", "chc_uptake_excluding_fast_track"):
        parts = {row["Part"]: float(row["Figure"]) for row in rows if row["Code"] == code}
        assert parts == found[code]


def test_command_prints_the_keys_that_others_read(register):
    found = json.loads(measured(register.code.lower(), "--json"))
    assert list(found)[:15] == [
        "commissioner", "as_at", "phbs_in_place", "phbs_agreed", "children_in_place", "people_year_to_date",
        "population", "rate_per_1000", "target_low", "target_high", "gap_to_low",
        "chc_uptake_including_fast_track", "chc_uptake_excluding_fast_track", "by_cohort", "by_method",
    ]  # fmt: skip
    assert found["chc_uptake_including_fast_track"] == {"numerator": 7, "denominator": 500, "percent": 1.4}
    assert found["chc_uptake_excluding_fast_track"] == {"numerator": 6, "denominator": 276, "percent": 2.2}


def test_command_prints_a_table_with_definitions(register):
    text = measured(register.code)
    assert re.search(r"Personal health budgets in place +9 ", text)
    assert "Budgets in place, each in the one cohort it was agreed for." in text


@pytest.mark.parametrize(
    ("code", "as_at", "message"),
    [
        ("LLX", "2017-02-07", "no commissioner with the code 'LLX'. Did you mean LLR"),
        ("LLR", "7 Feb", "'7 Feb' is not a date. Write --as-at as year-month-day"),
        ("LLR", "2999-01-01", "Give an as-at date from 2013-04-01 to today"),
    ],
)
def test_command_says_what_is_wrong(code, as_at, message):
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("measures", "--commissioner", code, "--as-at", as_at)


def test_local_offer_gets_controlled_figures(register):
    values = slots.values(["phbs_in_place", "children_in_place", "nobody-has-it"], commissioner=register, as_at=DAY)
    assert {code: (value.text, value.number) for code, value in values.items()} == {
        "phbs_in_place": ("9", 9),
        "children_in_place": ("*", None),
    }
    assert values["phbs_in_place"].definition.startswith("Personal health budgets that had started")


TARGET = {
    "applies_from_day": "1", "applies_from_month": "4", "applies_from_year": "2016",
    "kind": "rate", "low_rate": "0.5", "high_rate": "1.5", "source": "Our plan, page 3",
}  # fmt: skip
COUNT = {
    "cohort": "chc", "setting": "community", "people": "848", "fast_track_people": "380", "source": "Our list",
    "counted_on_day": "7", "counted_on_month": "2", "counted_on_year": "2017",
}  # fmt: skip


def test_target_is_set_and_moves_the_dashboard(client, register):
    user = sign_in(client, Role.PHB_TEAM, register)
    address = f"/dashboard/{register.code}/targets/"
    assert client.post(address, TARGET)["Location"] == address
    assert "Our plan, page 3" in words(client.get(address))
    assert "Within the target band" in words(page(client, register))
    assert AccessLogEntry.objects.filter(actor=user, action="set-target").exists()


NUMBERS = {key: value for key, value in TARGET.items() if "rate" not in key} | {
    "kind": "budgets", "low_budgets": "2000", "high_budgets": "3000",
    "reach_by_day": "31", "reach_by_month": "3", "reach_by_year": "2020",
}  # fmt: skip


def test_target_in_numbers_needs_no_population_and_takes_the_place_of_a_rate(client, icb):
    sign_in(client, Role.PHB_TEAM, icb)
    icb.populations.all().delete()
    TargetFactory(commissioner=icb, applies_from=dt.date(2016, 4, 1))
    address = f"/dashboard/{icb.code}/targets/"
    band = "2,000 to 3,000 personal health budgets, to be reached by 31 March 2020"
    assert client.post(address, NUMBERS)["Location"] == address
    assert band in words(client.get(address))
    text = words(page(client, icb))
    assert f"The target is {band}. The rate is not known." in text
    assert "Below the target band" in text
    header, rows = file_rows(figures_file(client, icb))
    assert ["Target", f"{band}. Our plan, page 3"] in header
    assert {row["Code"]: row["Figure"] for row in rows}["target_low"] == "2000"


def test_target_of_two_to_four_per_thousand(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    client.post(f"/dashboard/{register.code}/targets/", {**TARGET, "low_rate": "2", "high_rate": "4"})
    assert "The target is 2 to 4 for every 1,000 of 10,000 people" in words(page(client, register))
    assert "Still needed to reach the lower target 11 " in words(page(client, register))


@pytest.mark.parametrize(
    "both",
    [
        {"low_rate": 1, "high_rate": 2, "low_budgets": 3, "high_budgets": 4},
        {"low_rate": None, "high_rate": None},
        {"low_rate": None, "high_rate": None, "low_budgets": 4, "high_budgets": 3},
        {"reach_by": dt.date(2015, 4, 1)},
    ],
)
def test_database_refuses_a_target_that_is_two_or_none(icb, both):
    with pytest.raises(IntegrityError):
        TargetFactory(commissioner=icb, **both)


def test_target_from_the_same_day_is_replaced_and_the_old_one_kept_in_its_history(client, icb):
    sign_in(client, Role.ADMINISTRATOR, icb)
    TargetFactory(commissioner=icb, applies_from=dt.date(2016, 4, 1))
    client.post(f"/dashboard/{icb.code}/targets/", TARGET)
    target = Target.objects.get(commissioner=icb)
    assert str(target.low_rate) == "0.500"
    assert target.events.count() == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"low_rate": ""}, "Enter lower rate per 1,000 people"),
        ({"low_rate": "0"}, "The lower rate must be more than 0"),
        ({"high_rate": "0.2"}, "The upper rate must be the same as or more than the lower rate"),
        ({"kind": ""}, "Select how the target is set"),
        ({"kind": "budgets", "low_budgets": "", "high_budgets": "3000"}, "Enter lower number of budgets"),
        ({"kind": "budgets", "low_budgets": "4", "high_budgets": "3"}, "The upper number must be the same as or more"),
        ({"reach_by_day": "1", "reach_by_month": "4", "reach_by_year": "2016"}, "must be after the date it applies"),
        ({"source": ""}, "Enter source"),
        ({"applies_from_month": "13"}, "The date it applies from must be a real date"),
    ],
)
def test_wrong_target_is_answered_with_the_remedy_and_loses_nothing(client, icb, wrong, message):
    sign_in(client, Role.PHB_TEAM, icb)
    response = client.post(f"/dashboard/{icb.code}/targets/", {**TARGET, **wrong})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words(response).count(message) == 2
    assert 'value="1.5"' in response.content.decode() or "high_rate" in wrong
    assert not Target.objects.filter(commissioner=icb).exists()


def test_eligible_people_are_recorded_and_move_uptake(client, register):
    sign_in(client, Role.PHB_TEAM, register)
    address = f"/dashboard/{register.code}/eligible-populations/"
    assert client.post(address, COUNT)["Location"] == address
    assert "Including fast track 7 848 0.8%" in words(page(client, register))
    assert "848" in words(client.get(address))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fast_track_people": "849"}, "Fast track cannot be more than the people eligible"),
        ({"people": "many"}, "People eligible must be a whole number"),
        ({"cohort": ""}, "Select a cohort"),
        ({"counted_on_year": "2999"}, "The date of the count must be today or in the past"),
    ],
)
def test_wrong_count_is_answered_with_the_remedy(client, icb, wrong, message):
    sign_in(client, Role.PHB_TEAM, icb)
    known = EligiblePopulation.objects.count()
    response = client.post(f"/dashboard/{icb.code}/eligible-populations/", {**COUNT, **wrong})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words(response).count(message) == 2
    assert EligiblePopulation.objects.count() == known


def test_denominators_are_not_for_the_governing_body(client, icb):
    sign_in(client, Role.GOVERNING_BODY, icb)
    for path in ("targets/", "eligible-populations/"):
        assert page(client, icb, path).status_code == HTTPStatus.FORBIDDEN


def test_administrator_finds_the_targets(client, icb):
    sign_in(client, Role.ADMINISTRATOR, icb)
    assert f"/dashboard/{icb.code}/targets/" in client.get("/targets/").content.decode()


def test_queries_do_not_grow_with_the_register(client, register, django_assert_max_num_queries):
    sign_in(client, Role.PHB_TEAM, register)
    page(client, register)
    with django_assert_max_num_queries(24) as first:
        page(client, register)
    for _ in range(20):
        make_spell(register, cohort_code="s117")
    with django_assert_max_num_queries(24) as second:
        page(client, register)
    assert len(first.captured_queries) == len(second.captured_queries)
