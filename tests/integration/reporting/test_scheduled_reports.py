"""Reports by subscription and by hand: made once, from a snapshot, controlled for who may not see people."""

import datetime as dt
import io
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from phb_register import jobs
from phb_register.exceptions import Refused
from phb_register.models import AccessLogEntry, Job, JobState, Membership, OutgoingEmail
from phb_register.roles import Role
from reporting.models import FigureRelease, ReportSubscription, ScheduledReport, Snapshot
from reporting.report_making import draw
from reporting.services import scheduled_reports as service
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell
from tests.factories.scheduled_reports import AS_AT, TODAY, asked_report, bare_draw, made_report, subscription_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_day():
    with mock.patch("phb_register.clock.today", return_value=TODAY):
        yield


@pytest.fixture
def icb():
    """Seven budgets in place, three of them of wheelchair users."""
    commissioner, by = CommissionerFactory(), UserFactory()
    for place in range(7):
        person = PersonFactory(commissioner=commissioner)
        make_spell(commissioner, person=person, cohort_code="wheelchair" if place < 3 else "chc", by=by)
    return commissioner


def somebody(commissioner, role=Role.PHB_TEAM):
    return UserFactory(role=role, role__commissioner=commissioner)


def run(report):
    """The job of a report, as the worker runs it."""
    jobs.run(report.job_id)
    report.refresh_from_db()
    return report


def test_report_of_the_team_has_its_figures_as_page_pdf_and_workbook(client, icb):
    team = somebody(icb)
    client.force_login(team)
    address = reverse("reporting:ask-for-report", args=[icb.code])
    days = {"as_at_day": "31", "as_at_month": "10", "as_at_year": "2026"}
    answer = client.post(address, {**days, "sections": ["uptake", "pathway", "equality"]})
    report = ScheduledReport.objects.get()
    assert answer.url == reverse("phb_register:job", args=[report.job.reference])
    run(report)
    job = Job.objects.get(pk=report.job_id)
    assert (job.state, job.done, job.total, job.error) == (JobState.DONE, 6, 6, "")
    assert job.result_url == reverse("reporting:scheduled-report", args=[report.reference])
    assert (report.is_controlled, report.snapshot) == (False, Snapshot.objects.get(commissioner=icb, as_at=AS_AT))
    page = client.get(job.result_url).content.decode()
    for words in ("Snapshot 1", "Personal health budgets in place", "Pathway and quality", "People found eligible"):
        assert words in page
    pdf = client.get(reverse("reporting:scheduled-report-pdf", args=[report.reference]))
    assert pdf.content.startswith(b"%PDF")
    book = client.get(reverse("reporting:scheduled-report-workbook", args=[report.reference]))
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == ["Uptake against target", "Pathway and quality", "Equality", "Every figure"]
    rows = sheets.get_sheet_by_name("Uptake against target").to_python()
    by_cohort = {row[1]: row[3] for row in rows if row[0] == "In place by cohort"}
    assert (by_cohort["All"], sorted(number for number in by_cohort.values() if number)) == (7.0, [3.0, 4.0, 7.0])
    assert rows[0][0] == "Uptake of personal health budgets"
    exports = AccessLogEntry.objects.filter(actor=team, action="export").values_list("detail__file", flat=True)
    assert sorted(exports) == ["pdf", "workbook"]


def test_report_of_the_board_is_controlled_by_the_ledger(client, icb):
    member = somebody(icb, Role.GOVERNING_BODY)
    with mock.patch("reporting.report_making.write_pdf", return_value=b"%PDF"):
        report = run(asked_report(icb, member))
    assert report.is_controlled
    assert "As at 30 September 2026." in str(report.content["parts"][2])
    by_cohort = next(
        block for block in report.content["parts"][0]["blocks"] if block.get("caption") == "In place by cohort"
    )
    shown = [row[1] for row in by_cohort["rows"]]
    assert "3" not in shown
    assert "*" in shown
    assert FigureRelease.objects.filter(commissioner=icb, as_at=AS_AT, purpose="report").exists()
    book = report.workbook.content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(bytes(book))).get_sheet_by_name("Every figure").to_python()
    assert "Numbers from 1 to 4 are shown as *" in str(sheet)
    assert not [row for row in sheet if "heelchair" in str(row[0]) and row[3] == 3.0]


def test_board_asks_for_ends_of_months_only(icb):
    with pytest.raises(Refused, match="end of a month"):
        asked_report(icb, somebody(icb, Role.GOVERNING_BODY), as_at=dt.date(2026, 10, 30))


def test_board_does_not_find_a_report_of_the_team(client, icb):
    report = made_report(icb, somebody(icb))
    controlled = made_report(icb, somebody(icb, Role.GOVERNING_BODY))
    client.force_login(somebody(icb, Role.GOVERNING_BODY))
    for name in ("scheduled-report", "scheduled-report-pdf", "scheduled-report-workbook"):
        assert client.get(reverse(f"reporting:{name}", args=[report.reference])).status_code == 404
        assert client.get(reverse(f"reporting:{name}", args=[controlled.reference])).status_code == 200
    listed = client.get(reverse("reporting:scheduled-reports", args=[icb.code])).content.decode()
    assert str(controlled.reference) in listed
    assert str(report.reference) not in listed


def test_list_says_who_made_each_and_from_which_snapshot_in_a_fixed_number_of_reads(
    client, icb, django_assert_max_num_queries
):
    team = somebody(icb)
    subscription_of(icb, team, today=dt.date(2026, 10, 1))
    service.ask_for_due(TODAY)
    by_itself = service.make(report=ScheduledReport.objects.get(), draw=bare_draw, progress=lambda done, total: None)
    for _ in range(3):
        made_report(icb, team)
    client.force_login(team)
    with django_assert_max_num_queries(22):
        text = client.get(reverse("reporting:scheduled-reports", args=[icb.code])).content.decode()
    assert f"Snapshot 1, {by_itself.snapshot.content_hash[:12]}" in text
    assert "The register" in text
    assert "6 December 2026" in text


def test_subscription_makes_one_report_a_month_however_often_beat_asks(icb):
    subscription = subscription_of(icb, somebody(icb), today=dt.date(2026, 10, 31))
    assert [service.ask_for_due(day) for day in (dt.date(2026, 11, 5), TODAY, TODAY)] == [0, 1, 0]
    with mock.patch("reporting.report_tasks.draw", bare_draw):
        report = run(ScheduledReport.objects.get(subscription=subscription))
    assert (report.as_at, report.asked_by) == (AS_AT, subscription.user)
    email = OutgoingEmail.objects.get(to_address=subscription.user.email)
    assert email.link == reverse("reporting:scheduled-report", args=[report.reference])
    # Run again, it changes nothing and tells nobody twice.
    service.make(report=report, draw=draw, progress=lambda done, total: None)
    assert OutgoingEmail.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledReport.objects.create(
            commissioner=icb, subscription=subscription, asked_by=subscription.user, asked_at=report.asked_at,
            as_at=AS_AT, sections=["uptake"], is_controlled=True,
        )  # fmt: skip


def test_subscription_of_today_waits_for_the_next_month(icb):
    subscription_of(icb, somebody(icb))
    assert service.ask_for_due(TODAY) == 0
    assert service.ask_for_due(dt.date(2026, 12, 6)) == 1


def test_who_may_no_longer_take_figures_gets_no_report_and_no_more(icb):
    team = somebody(icb)
    subscription = subscription_of(icb, team, today=dt.date(2026, 10, 1))
    service.ask_for_due(TODAY)
    Membership.objects.filter(user=team).update(ends_on=dt.date(2026, 11, 1))
    report = run(ScheduledReport.objects.get())
    assert report.made_at is None
    assert Job.objects.get(pk=report.job_id).error == service.NO_LONGER
    subscription.refresh_from_db()
    assert subscription.stop_reason == service.NO_LONGER
    assert service.ask_for_due(dt.date(2026, 12, 6)) == 0


def test_subscribing_again_changes_the_sections(icb):
    team = somebody(icb)
    first = subscription_of(icb, team)
    assert subscription_of(icb, team, sections=["pathway"]) == first
    assert ReportSubscription.objects.get().sections == ["pathway"]
    service.stop(subscription=first, by=team)
    assert subscription_of(icb, team) != first
    with pytest.raises(Refused, match="stopped already"):
        service.stop(subscription=first, by=team)


def test_stranger_and_auditor_may_not_subscribe(icb):
    for user in (UserFactory(), somebody(icb, Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            subscription_of(icb, user)
        with pytest.raises(PermissionDenied):
            asked_report(icb, user)


def test_report_that_is_cancelled_while_it_waits_is_not_made_until_asked_again(client, icb):
    team = somebody(icb)
    report = asked_report(icb, team)
    client.force_login(team)
    page = reverse("reporting:scheduled-report", args=[report.reference])
    cancel = reverse("reporting:cancel-report", args=[report.reference])
    assert cancel in client.get(page).content.decode()
    assert client.post(cancel).url == page
    assert run(report).made_at is None
    text = client.get(page).content.decode()
    assert "Cancelled" in text
    again = reverse("reporting:ask-for-report-again", args=[report.reference])
    assert again in text
    assert client.post(again).status_code == 302
    with mock.patch("reporting.report_tasks.draw", bare_draw):
        assert run(report).made_at is not None
    assert "nothing left to cancel" in client.post(cancel, follow=True).content.decode()


def test_report_that_is_cancelled_while_it_is_made_stops_at_the_next_step_and_keeps_nothing(icb):
    team = somebody(icb)
    report = asked_report(icb, team)

    def drawn(report, snapshot, step):
        step()
        service.cancel(report=report, by=team)
        step()
        raise AssertionError("It went on")

    with mock.patch("reporting.report_tasks.draw", drawn):
        run(report)
    assert Job.objects.get(pk=report.job_id).state == JobState.CANCELLED
    assert (report.made_at, report.pdf, report.content_hash) == (None, None, "")
    assert not OutgoingEmail.objects.exists()


def test_somebody_else_may_not_cancel_a_report(client, icb):
    report = asked_report(icb, somebody(icb))
    client.force_login(somebody(icb))
    assert client.post(reverse("reporting:cancel-report", args=[report.reference])).status_code == 404


def test_made_report_stays_as_it_is(icb):
    report = made_report(icb, somebody(icb))
    for changes in ({"content_hash": "0" * 64}, {"is_controlled": True}):
        with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
            ScheduledReport.objects.filter(pk=report.pk).update(**changes)


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("ask-for-report", {"sections": ["uptake"]}, "as-at date"),
        (
            "ask-for-report",
            {"as_at_day": "1", "as_at_month": "1", "as_at_year": "2030", "sections": ["uptake"]},
            "today",
        ),
        ("ask-for-report", {"as_at_day": "1", "as_at_month": "1", "as_at_year": "2026"}, "Select at least one section"),
        ("subscribe-to-report", {"sections": ["uptake"]}, "Select how often"),
        ("subscribe-to-report", {"rhythm": "daily", "sections": ["uptake"]}, "There is a problem"),
    ],
)
def test_wrong_forms_say_what_is_wrong(client, icb, name, typed, message):
    client.force_login(somebody(icb))
    answer = client.post(reverse(f"reporting:{name}", args=[icb.code]), typed)
    assert answer.status_code == 422
    assert message.lower() in answer.content.decode().lower()


def test_subscribing_and_stopping_by_their_pages(client, icb):
    team = somebody(icb)
    client.force_login(team)
    listed = reverse("reporting:scheduled-reports", args=[icb.code])
    address = reverse("reporting:subscribe-to-report", args=[icb.code])
    assert client.get(address).status_code == 200
    assert client.post(address, {"rhythm": "quarterly", "sections": ["uptake"]}).url == listed
    subscription = ReportSubscription.objects.get()
    stop = reverse("reporting:stop-report-subscription", args=[subscription.reference])
    assert stop in client.get(listed).content.decode()
    assert client.get(stop).status_code == 200
    assert client.post(stop).url == listed
    assert stop not in client.get(listed).content.decode()
    assert client.get(stop).status_code == 404
