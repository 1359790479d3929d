"""Scheduled reports: the list, one to read, asking for them, subscriptions."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phb_register import audit, clock
from phb_register.access import requires
from phb_register.dates import last_month_end
from phb_register.exceptions import Refused
from phb_register.models import Commissioner
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import table_params
from phb_register.views.support import commissioner_or_404, form_page, or_404, page_of, refuse
from reporting.forms.scheduled_reports import ReportForm, SubscriptionForm
from reporting.models import ScheduledReport
from reporting.presenters import scheduled_reports as presenters
from reporting.presenters.pages import breadcrumbs
from reporting.selectors import scheduled_reports as selectors
from reporting.services import scheduled_reports as service

FOLDER = "reporting/scheduled_reports"


@requires(Permission.EXPORT_FIGURES)
@require_safe
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """The reports of a commissioner that the user may read, and the user's own subscriptions."""
    commissioner = commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    today = clock.today()
    page = page_of(request, selectors.reports_of(request.user, commissioner, today))
    own = selectors.subscriptions_of(request.user, commissioner)
    context = {
        "commissioner": commissioner,
        "breadcrumbs": breadcrumbs(commissioner),
        "page": page,
        "table": table_params(presenters.REPORT_COLUMNS, page, caption="Reports", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
        "subscriptions": presenters.subscriptions_table(own, today) if own else None,
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", context)


@requires(Permission.EXPORT_FIGURES)
@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest, code: str) -> HttpResponse:
    """Have a report made every month or quarter."""
    commissioner = commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    form = SubscriptionForm(request.POST or None)
    if form.is_valid():
        try:
            service.subscribe(commissioner=commissioner, by=request.user, today=clock.today(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "You get the report by e-mail as soon as it is made")
            return redirect(presenters.reports_url(commissioner))
    return _form(request, commissioner, form, "Subscribe to a report")


@requires(Permission.EXPORT_FIGURES)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Have a report made now: a job, whose page shows how far it is."""
    commissioner = commissioner_or_404(request, Permission.EXPORT_FIGURES, code)
    today = clock.today()
    form = ReportForm(request.POST or None, initial={"as_at": last_month_end(today)}, today=today)
    if form.is_valid():
        try:
            report = service.ask(commissioner=commissioner, by=request.user, today=today, **form.asked())  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _to_the_job(report)
    return _form(request, commissioner, form, "Make a report now")


@requires(Permission.EXPORT_FIGURES)
@require_safe
def report(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One report: what it says once it is made, and how far it is before. The read is logged."""
    found = _found(request, reference)
    audit.record(actor=request.user, action=audit.READ, subject=found, commissioner=found.commissioner)
    is_own = found.asked_by_id == request.user.pk
    is_waiting = found.made_at is None and found.job is not None and not found.job.is_finished
    context = {
        "report": found,
        "breadcrumbs": _crumbs(found.commissioner),
        "tag": presenters.status_tag(found),
        "rows": presenters.facts(
            found, may_see_snapshot=can(request.user, Permission.VIEW_PEOPLE_BEHIND_FIGURES, found.commissioner)
        ),
        "content": presenters.content_shown(found),
        "may_cancel": is_own and is_waiting,
        "may_ask_again": is_own and found.made_at is None and not is_waiting,
    }
    return TemplateResponse(request, f"{FOLDER}/report.html", context)


@requires(Permission.EXPORT_FIGURES)
@require_safe
def file(request: HttpRequest, reference: uuid.UUID, kind: str) -> HttpResponse:
    """The PDF or the workbook of a report that was made. The export is logged."""
    found = _found(request, reference)
    document = or_404(selectors.document_of(found, kind), "file")
    audit.record(actor=request.user, action=audit.EXPORT, subject=found, detail={"what": "report", "file": kind})
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response


@requires(Permission.EXPORT_FIGURES)
@require_POST
def cancel(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Cancel one's own report while it waits or is being made."""
    found = _own(request, reference)
    try:
        service.cancel(report=found, by=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The report is cancelled, or stops after the step it is doing now")
    return redirect(presenters.report_url(found))


@requires(Permission.EXPORT_FIGURES)
@require_POST
def ask_again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Have one's own report made that stopped or was cancelled."""
    found = _own(request, reference)
    try:
        return _to_the_job(service.ask_again(report=found, by=request.user))  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(presenters.report_url(found))


@requires(Permission.EXPORT_FIGURES)
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """End one's own subscription."""
    found = or_404(selectors.subscription_for(request.user, reference), "subscription")
    if request.method == "POST":
        service.stop(subscription=found, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "The subscription is stopped. Reports that were made stay")
        return redirect(presenters.reports_url(found.commissioner))
    context = {"subscription": found, "breadcrumbs": _crumbs(found.commissioner)}
    return TemplateResponse(request, f"{FOLDER}/stop.html", context)


def _found(request: HttpRequest, reference: uuid.UUID) -> ScheduledReport:
    found: ScheduledReport = or_404(selectors.report_for(request.user, reference), "report")
    return found


def _own(request: HttpRequest, reference: uuid.UUID) -> ScheduledReport:
    found = _found(request, reference)
    return or_404(found if found.asked_by_id == request.user.pk else None, "report")  # type: ignore[no-any-return]


def _to_the_job(found: ScheduledReport) -> HttpResponse:
    """The page of its progress, for who asked for it; where the register did, the report's own."""
    if found.job is not None and found.job.requested_by_id == found.asked_by_id:
        return redirect("phb_register:job", found.job.reference)
    return redirect(presenters.report_url(found))


def _crumbs(commissioner: Commissioner) -> list[dict[str, str]]:
    return [*breadcrumbs(commissioner), {"text": "Reports", "href": presenters.reports_url(commissioner)}]


def _form(
    request: HttpRequest, commissioner: Commissioner, form: SubscriptionForm | ReportForm, heading: str
) -> HttpResponse:
    context = {"commissioner": commissioner, "heading": heading, "breadcrumbs": _crumbs(commissioner)}
    return form_page(request, f"{FOLDER}/form.html", form, context)
