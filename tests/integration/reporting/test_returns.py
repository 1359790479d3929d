"""The national return on its pages: its cells and their people, checks, changes, files, and submitting it."""

import csv
import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from budgets.models import PersonalHealthBudget
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, PartnershipMember
from phb_register.roles import Role
from phb_register.spreadsheets import Table
from reporting.models import NationalReturn, Snapshot
from reporting.return_checks import Severity
from reporting.rules.quarters import Quarter, quarter_with_code
from reporting.selectors.figures import figures_for
from reporting.selectors.returns import findings_of, people_in, quarters_of, return_on
from reporting.services.returns import record_window, submit
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory, MembershipFactory, PersonFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2024, 2)
TODAY = dt.date(2026, 11, 22)
YEAR_TOTAL, END_TOTAL = "year_to_date-total-everybody", "quarter_end-total-everybody"


@pytest.fixture
def icb():
    commissioner = CommissionerFactory()
    child = PersonFactory(commissioner=commissioner, born_on=dt.date(2015, 1, 1))
    make_spell(commissioner, started_on=dt.date(2024, 5, 1), methods=("direct_payment",))
    make_spell(commissioner, started_on=dt.date(2024, 5, 1), ended_on=dt.date(2024, 8, 1))
    make_spell(commissioner, person=child, cohort_code="continuing-care", started_on=dt.date(2024, 8, 1))
    return commissioner


@pytest.fixture
def window(icb):
    return record_window(
        by=None, quarter=QUARTER, opens_on=dt.date(2024, 10, 1), closes_on=dt.date(2126, 1, 1), source="For a test"
    )


@pytest.fixture
def team(icb):
    return make_team(icb)


@pytest.fixture
def reader(team):
    client = Client()
    client.force_login(team)
    return client


def at(icb, name="return", **given):
    return reverse(f"reporting:{name}", kwargs={"code": icb.code, "quarter": QUARTER.code, **given})


def test_page_shows_each_cell_with_its_people(reader, icb, window):
    answer = reader.get(at(icb))
    assert "Draft" in answer.text
    assert "The checks found nothing" in answer.text
    found = return_on(icb, QUARTER, TODAY)
    assert (found.cells[YEAR_TOTAL], found.cells[END_TOTAL]) == (3, 2)
    for code, number in found.cells.items():
        assert (at(icb, "return-people", cell=code) in answer.text) == (number > 0)
        assert people_in(found, code).count() == number
    listed = reader.get(at(icb, "return-people", cell=END_TOTAL))
    assert listed.context["page"].paginator.count == 2
    assert len(AccessLogEntry.objects.latest("pk").detail["people"]) == 2


def test_list_has_the_quarters_of_the_collection(reader, icb, django_assert_num_queries):
    quarters = quarters_of(icb, TODAY)
    assert (quarters[0].code, quarters[-1].code) == ("2026-27-q3", "2017-18-q1")
    address = reverse("reporting:returns", args=[icb.code])
    reader.get(address)
    with django_assert_num_queries(10):
        assert "Goes on" in reader.get(address).text


@pytest.mark.parametrize("quarter", ["2016-17-q4", "2026-27-q4", "2024-25-q5", "nonsense"])
def test_quarter_that_has_no_return_is_not_found(reader, icb, quarter):
    assert reader.get(at(icb, quarter=quarter)).status_code == 404


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("return-people", {"cell": "year_to_date-total-nobody"}),
        ("return-changes", {"basis": "month"}),
        ("return-movers", {"basis": "quarter_end", "row": "none", "change": "joined"}),
        ("return-movers", {"basis": "quarter_end", "row": "total", "change": "none"}),
    ],
)
def test_part_of_a_return_that_is_none_is_not_found(reader, icb, name, given):
    assert reader.get(at(icb, name, **given)).status_code == 404


def test_checks_name_the_people_they_are_about(reader, icb, team):
    make_spell(icb, person=PersonFactory(commissioner=icb, nhs_number=None, nhs_number_missing_reason="not_known"))
    make_spell(icb, agreed_on=dt.date(2024, 4, 1), started_on=None)
    make_spell(icb, cohort_code="wheelchair", started_on=dt.date(2023, 9, 29))
    child = PersonFactory(commissioner=icb, born_on=dt.date(2010, 1, 1))
    make_spell(icb, person=child, cohort_code="chc", started_on=dt.date(2024, 6, 1))
    found = {each.code: each for each in findings_of(return_on(icb, QUARTER, TODAY), TODAY)}
    warned = {code for code, each in found.items() if each.severity == Severity.WARNS}
    assert warned == {"no-window", "no-nhs-number", "no-start-date", "age-chc"}
    assert "review-too-old" in found
    for each in found.values():
        if each.people_in:
            listed = reader.get(at(icb, "return-people", cell=each.people_in))
            assert (listed.status_code, listed.context["page"].paginator.count) == (200, 1)


def test_submitted_return_stays_and_is_corrected_by_a_further_one(reader, icb, window, team):
    assert reader.post(at(icb, "submit-return"), {"reason": ""}).url == at(icb)
    first = NationalReturn.objects.get()
    assert (first.cells[YEAR_TOTAL], first.warnings, first.window) == (3, [], window)
    make_spell(icb, started_on=dt.date(2024, 7, 1))
    answer = reader.get(at(icb))
    assert "The register has changed since" in answer.text
    assert return_on(icb, QUARTER, TODAY).cells[YEAR_TOTAL] == 3
    answer = reader.post(at(icb, "submit-return"), {"reason": ""})
    assert (answer.status_code, NationalReturn.objects.count()) == (422, 1)
    assert reader.post(at(icb, "submit-return"), {"reason": "Entered late"}).status_code == 302
    assert return_on(icb, QUARTER, TODAY).cells[YEAR_TOTAL] == 4
    assert [each.number for each in Snapshot.objects.order_by("number")] == [1, 2]
    assert AccessLogEntry.objects.filter(action="submit-return").count() == 2


def test_warning_needs_a_reason_that_is_kept(icb, team):
    with pytest.raises(Refused, match="although the checks warn"), transaction.atomic():
        submit(commissioner=icb, quarter=QUARTER, by=team)
    submitted = submit(commissioner=icb, quarter=QUARTER, by=team, reason="The window is not announced yet")
    assert [each["code"] for each in submitted.warnings] == ["no-window"]
    with pytest.raises(Refused, match="nothing has changed since"), transaction.atomic():
        submit(commissioner=icb, quarter=QUARTER, by=team, reason="Again")


def test_submitting_is_refused_before_the_quarter_is_over_for_partnerships_and_for_others(icb, team):
    with pytest.raises(Refused, match="is not over"):
        submit(commissioner=icb, quarter=quarter_with_code("2126-27-q1"), by=team)
    finance = MembershipFactory(commissioner=icb, role=Role.FINANCE).user
    with pytest.raises(PermissionDenied):
        submit(commissioner=icb, quarter=QUARTER, by=finance)
    partnership = CommissionerFactory(kind="partnership")
    PartnershipMember.objects.create(partnership=partnership, member=icb, starts_on=dt.date(2016, 1, 1))
    with pytest.raises(Refused, match="makes no return"):
        submit(commissioner=partnership, quarter=QUARTER, by=make_team(partnership))
    snapshot = Snapshot.objects.create(
        commissioner=partnership,
        as_at=QUARTER.end,
        number=1,
        frozen_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        policy={},
        figures=[],
        counted={},
        records=0,
        records_hash="0" * 64,
        content_hash="0" * 64,
    )
    with pytest.raises(IntegrityError, match="at the end of a quarter"), transaction.atomic():
        NationalReturn.objects.create(
            snapshot=snapshot, cells={}, submitted_by=team, submitted_at=snapshot.frozen_at, content_hash="0" * 64
        )


def test_change_since_the_last_return_lists_its_people(reader, icb, team):
    submit(commissioner=icb, quarter=QUARTER.before, by=team, reason="The window is not announced yet")
    late = make_spell(icb, started_on=dt.date(2024, 4, 2), ended_on=dt.date(2024, 10, 1))
    answer = reader.get(at(icb, "return-changes", basis="quarter_end"))
    total = answer.context["table"]["rows"][0]
    assert [cell.get("text") for cell in total if "text" in cell] == ["Total", "2", "0", "0", "0"]
    assert f'{at(icb, "return-people", cell=END_TOTAL)}"' in total[-1]["html"]
    assert total[-1]["html"].endswith(">3</a>")
    for change, number in (("joined", 1), ("recorded_late", 1), ("left", 1)):
        movers = reader.get(at(icb, "return-movers", basis="quarter_end", row="total", change=change))
        assert movers.context["page"].paginator.count == number
    late_page = reader.get(at(icb, "return-movers", basis="quarter_end", row="total", change="recorded_late"))
    assert late.person.display_name in late_page.text
    assert "begins anew" not in answer.text


def test_files_have_every_cell_and_are_logged(reader, icb, team):
    lines = b"".join(reader.get(at(icb, "return-csv"))).decode("utf-8-sig")
    head, _, body = lines.partition("\r\n\r\n")
    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(body))}
    cells = return_on(icb, QUARTER, TODAY).cells
    assert {code: int(row["People"]) for code, row in rows.items()} == cells
    assert "Draft" in head
    assert rows["quarter_end-direct_payment-everybody"]["Per cent of the total"] == "50"
    assert AccessLogEntry.objects.latest("pk").detail["rows"] == len(cells)
    workbook = reader.get(at(icb, "return-workbook")).content
    table = list(Table(workbook, "return.xlsx").rows())
    assert sum("year_to_date-" in "".join(row.cells) for row in table) == len(cells) // 2


def test_board_sees_a_submitted_return_with_small_numbers_hidden(icb, window, team):
    board = Client()
    board.force_login(MembershipFactory(commissioner=icb, role=Role.GOVERNING_BODY).user)
    assert "was not submitted yet" in board.get(at(icb)).text
    assert board.get(at(icb, "return-csv")).status_code == 404
    submit(commissioner=icb, quarter=QUARTER, by=team)
    answer = board.get(at(icb))
    rows = [row for part in answer.context["tables"] for row in part["table"]["rows"]]
    assert {cell["text"] for row in rows for cell in row[1:]} == {"*", "0"}
    assert "/people/" not in answer.text
    assert b"*" in b"".join(board.get(at(icb, "return-csv")))
    for _ in range(9):
        make_spell(icb, started_on=dt.date(2024, 7, 1), methods=("third_party",))
    submit(commissioner=icb, quarter=QUARTER, by=team, reason="Nine were entered late")
    answer = board.get(at(icb))
    assert "It was corrected: Nine were entered late" in answer.text
    rows = [row for part in answer.context["tables"] for row in part["table"]["rows"]]
    assert "9" in {cell["text"] for row in rows for cell in row[1:]}
    assert board.get(at(icb)).context["tables"] == answer.context["tables"]
    for name, given in (("return-people", {"cell": YEAR_TOTAL}), ("return-changes", {"basis": "quarter_end"})):
        assert board.get(at(icb, name, **given)).status_code == 403


def test_total_of_the_year_is_the_figure_of_the_dashboard(icb):
    make_spell(icb, agreed_on=dt.date(2024, 9, 1), started_on=None)
    found = return_on(icb, QUARTER, TODAY)
    figures = figures_for(found.scope)
    assert found.cells[YEAR_TOTAL] == figures.people_counted_year_to_date == 4
    assert found.cells["quarter_end-wheelchair-everybody"] == figures.wheelchair_active


def test_window_is_recorded_and_put_right(reader, icb):
    address = reverse("reporting:return-windows")
    typed = {
        "quarter": "2024-25-q2",
        **{f"opens_on_{part}": value for part, value in (("day", 1), ("month", 10), ("year", 2024))},
        **{f"closes_on_{part}": value for part, value in (("day", 22), ("month", 10), ("year", 2024))},
        "source": "The collection’s page",
    }
    assert reader.post(address, typed).status_code == 302
    assert "1 October 2024" in reader.get(address).text
    for change, says in (
        ({"closes_on_year": "2023"}, "after the day it opens"),
        ({"opens_on_month": "9"}, "after the last day of the quarter"),
        ({"source": ""}, "Enter where the days are published"),
        ({"quarter": "1999-00-q1"}, "Select a valid choice"),
    ):
        answer = reader.post(address, typed | change)
        assert answer.status_code == 422
        assert says in answer.text or "Select quarter" in answer.text
    assert reader.post(address, typed | {"closes_on_day": 23}).status_code == 302
    assert "23 October 2024" in reader.get(address).text


def test_cost_of_the_page_does_not_grow_with_the_register(reader, icb, window, django_assert_num_queries):
    reader.get(at(icb))
    with django_assert_num_queries(16):
        reader.get(at(icb))
    for _ in range(5):
        make_spell(icb, started_on=dt.date(2024, 5, 1))
    with django_assert_num_queries(16):
        reader.get(at(icb))
    assert PersonalHealthBudget.objects.count() == 8
