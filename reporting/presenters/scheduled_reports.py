"""How scheduled reports and subscriptions are said: in lists, on their pages, and in the PDF."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from phb_register.models import Commissioner, JobState
from phb_register.nhsuk.components import render_component
from phb_register.pdf import render_pdf
from phb_register.presenters import JOB_TAGS, spoken_date, spoken_moment, summary
from phb_register.tables import Column, table_params
from reporting.board_packs import read_parts
from reporting.models import ReportSubscription, ScheduledReport, Snapshot
from reporting.presenters.board_packs import drawn_parts
from reporting.rules.scheduled_reports import Rhythm, next_made_on, sections_in_order

PDF_TEMPLATE = "reporting/scheduled_reports/pdf.html"
FOR_TEAM = "None: for the case team only. Do not publish."
MADE_BY_ITSELF = "The register"


def report_url(report: ScheduledReport) -> str:
    """The page of a report."""
    return reverse("reporting:scheduled-report", args=[report.reference])


def reports_url(commissioner: Commissioner) -> str:
    """The reports of a commissioner."""
    return reverse("reporting:scheduled-reports", args=[commissioner.code])


def status_tag(report: ScheduledReport) -> SafeString:
    """How far it is, as a coloured word."""
    if report.made_at is not None or report.job is None:
        return render_component("tag", {"text": "Made", "classes": JOB_TAGS[JobState.DONE]})
    return render_component("tag", {"text": report.job.get_state_display(), "classes": JOB_TAGS[report.job.state]})


def made_by(report: ScheduledReport) -> str:
    """Who had it made."""
    return MADE_BY_ITSELF if report.subscription_id else str(report.asked_by)


def section_words(sections: Iterable[str]) -> str:
    """The sections by their names."""
    return ", ".join(str(section.label) for section in sections_in_order(list(sections)))


def snapshot_words(snapshot: Snapshot | None) -> str:
    """Which snapshot its figures are of; a dash before it is made."""
    return f"Snapshot {snapshot.number}, {snapshot.content_hash[:12]}" if snapshot else "–"


def _snapshot_url(report: ScheduledReport) -> str | None:
    if report.snapshot is None:
        return None
    return reverse("reporting:snapshot", args=[report.commissioner.code, report.snapshot.reference])


REPORT_COLUMNS: list[Column[ScheduledReport]] = [
    Column("Figures as at", lambda each: spoken_date(each.as_at), link=report_url),
    Column("Sections", lambda each: section_words(each.sections)),
    Column("Asked for", lambda each: spoken_moment(each.asked_at)),
    Column("Made by", made_by),
    Column("For", lambda each: each.asked_by),
    Column("Control", lambda each: "Safe to share" if each.is_controlled else "Case team only"),
    Column("Snapshot", lambda each: snapshot_words(each.snapshot)),
    Column("Status", status_tag),
]


def subscriptions_table(subscriptions: Iterable[ReportSubscription], today: Any) -> dict[str, Any]:
    """A user's own subscriptions, each with when the next report is made and where it is stopped."""
    columns: list[Column[ReportSubscription]] = [
        Column("How often", lambda each: each.get_rhythm_display()),
        Column("Sections", lambda each: section_words(each.sections)),
        Column("Asked for on", lambda each: spoken_date(each.asked_on)),
        Column("Next report", lambda each: spoken_date(next_made_on(Rhythm(each.rhythm), today))),
        Column(
            "Stop",
            lambda each: format_html("Stop<span class='nhsuk-u-visually-hidden'> {}</span>", each.get_rhythm_display()),
            link=lambda each: reverse("reporting:stop-report-subscription", args=[each.reference]),
        ),
    ]
    return table_params(columns, subscriptions, caption="Your subscriptions", is_responsive=True)


def facts(report: ScheduledReport, *, may_see_snapshot: bool) -> list[dict[str, Any]]:
    """The facts about a report, for a summary list."""
    rows: list[tuple[str, Any]] = [
        ("For", report.asked_by),
        ("Made by", made_by(report)),
        ("Figures as at the end of", spoken_date(report.as_at)),
        ("Sections", section_words(report.sections)),
        ("Asked for", spoken_moment(report.asked_at)),
        ("Made", spoken_moment(report.made_at) if report.made_at else "Not yet"),
    ]
    found = summary(rows)
    address = _snapshot_url(report) if may_see_snapshot else None
    words = snapshot_words(report.snapshot)
    value = (
        {"html": format_html('<a class="nhsuk-link" href="{}">{}</a>', address, words)} if address else {"text": words}
    )
    found.append({"key": {"text": "Figures from"}, "value": value})
    if report.content_hash:
        digest = format_html('<span class="app-hash">{}</span>', report.content_hash)
        found.append({"key": {"text": "Fingerprint (SHA-256)"}, "value": {"html": digest}})
    return found


def content_shown(report: ScheduledReport) -> dict[str, Any] | None:
    """What a report says, ready for the template of its page; None before it is made."""
    if report.content is None:
        return None
    return {"parts": drawn_parts(read_parts(report.content)), "control": report.content["control"]}


def write_pdf(content: dict[str, Any], digest: str) -> bytes:
    """The PDF of a report that says this and has this fingerprint."""
    title = f"Uptake of personal health budgets: {content['commissioner']}, as at {content['as_at_words']}"
    drawn = {"report": content, "parts": drawn_parts(read_parts(content)), "content_hash": digest}
    return render_pdf(PDF_TEMPLATE, drawn, title=title)
