"""Recoveries: drafted, approved, noticed, repaid, looked at again, written off."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.forms.monitoring import TextStepForm
from budgets.forms.recoveries import (
    AskAgainForm,
    DayForm,
    DecideAgainForm,
    DecideWriteOffForm,
    NoticeForm,
    RecoveryForm,
    RepaymentForm,
    ReverseForm,
)
from budgets.models import Recovery, RecoveryNotice, Surplus
from budgets.presenters import monitoring as monitoring_words
from budgets.presenters import recoveries as words
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.notice_text import notice_body
from budgets.selectors import recoveries as selectors
from budgets.selectors.monitoring import surplus_for
from budgets.services import recoveries as service
from budgets.services import recovery_money as money
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.support import or_404, page_of

from .monitoring_support import FORMS, LIST_PAGE, RECORD_PAGE, act, found_budget, found_recovery, posted


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """The recoveries the user may see, the first to be repaid first."""
    user: Any = request.user
    page = page_of(request, selectors.all_recoveries(user))
    audit.record_list(user, "recoveries", [row.phb.person for row in page])
    context = {
        "heading": "Recoveries",
        "list_code": "recoveries",
        "table": words.recoveries_table(page, clock.today(), has_names=True) if page.object_list else None,
        "empty": "Nothing is asked back.",
        "page": page,
        "pagination": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, LIST_PAGE, context)


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def new_recovery(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Draft a recovery, from a surplus where the address names one."""
    user: Any = request.user
    phb = found_budget(request, reference)
    surplus = surplus_named(request, phb.pk)
    initial = selectors.first_words(phb, surplus, clock.today())
    form = RecoveryForm(posted(request), today=clock.today(), initial={"key": uuid.uuid4(), **initial})
    return act(
        request,
        form,
        lambda given: service.open_recovery(phb=phb, by=user, surplus=surplus, **given),
        done="The recovery is drafted",
        to=words.recovery_url,
        page={
            "heading": "Draft a recovery",
            "caption": phb.person,
            "lead": "A repayment notice must state the reasons, the amount, the time to repay and who must repay "
            "(regulation 15 of the NHS (Direct Payments) Regulations 2013).",
            "back_url": monitoring_words.monitoring_url(phb),
        },
    )


def surplus_named(request: HttpRequest, phb_id: int) -> Surplus | None:
    """The surplus that the address names, if it is of this PHB."""
    try:
        wanted = uuid.UUID(request.GET.get("surplus", ""))
    except ValueError:
        return None
    found = surplus_for(request.user, wanted, Permission.MONITOR_BUDGETS)  # type: ignore[arg-type]
    return found if found is not None and found.monitoring_return.schedule.phb_id == phb_id else None


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def recovery(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One recovery: its four things, what came back, what can be done. The read is logged."""
    user: Any = request.user
    found = found_recovery(request, reference, Permission.VIEW_PAYMENTS)
    audit.record_read(user, found, person=found.phb.person)
    tables = [
        ("Notices", words.notices_table, selectors.notices_of(found)),
        ("Repayments", words.repayments_table, selectors.repayments_of(found)),
        ("Looked at again", words.again_table, selectors.reconsiderations_of(found)),
        ("Writing off", words.write_offs_table, selectors.write_offs_of(found)),
    ]
    context = {
        "heading": "Recovery",
        "caption": found.phb.person,
        "back_url": monitoring_words.monitoring_url(found.phb),
        "back_text": "Monitoring of this budget",
        "tag": words.recovery_tag(found, clock.today()),
        "rows": words.recovery_rows(found),
        "buttons": words.step_buttons(found, selectors.steps_for(user, found)),
        "tables": [{"heading": heading, "params": table(rows)} for heading, table, rows in tables if rows],  # type: ignore[operator]
        "history": words.history(selectors.transitions_of(found)),
    }
    return TemplateResponse(request, RECORD_PAGE, context)


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def approve(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Approve a recovery that somebody else prepared."""
    user: Any = request.user
    found = found_recovery(request, reference)
    return act(
        request,
        DayForm(posted(request), today=clock.today(), button="Approve"),
        lambda given: service.approve_recovery(recovery=found, by=user, **given),
        done="The recovery is approved",
        to=words.recovery_url(found),
        page=_page(found, "Approve the recovery"),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Withdraw a recovery before notice is given."""
    user: Any = request.user
    found = found_recovery(request, reference)
    form = TextStepForm(
        posted(request),
        today=clock.today(),
        name="reason",
        label="Why is it withdrawn?",
        remedy="Enter why it is withdrawn",
        button="Withdraw",
    )
    return act(
        request,
        form,
        lambda given: service.withdraw_recovery(recovery=found, by=user, **given),
        done="The recovery is withdrawn",
        to=words.recovery_url(found),
        page=_page(found, "Withdraw the recovery"),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def give_notice(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Write the letter of a notice, and give it."""
    user: Any = request.user
    found, today = found_recovery(request, reference), clock.today()
    initial = {"address": f"{found.payer_name}\n", "body": notice_body(service.facts_of(found, today))}
    return act(
        request,
        NoticeForm(posted(request), today=today, initial=initial),
        lambda given: service.give_notice(recovery=found, by=user, **given),
        done="Notice is given. Its letter is being made",
        to=words.recovery_url(found),
        page=_page(found, "Give notice"),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def repay(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record money that came back."""
    user: Any = request.user
    found, today = found_recovery(request, reference), clock.today()
    form = RepaymentForm(posted(request), today=today, initial={"key": uuid.uuid4(), "received_on": today})
    return act(
        request,
        form,
        lambda given: money.record_repayment(recovery=found, by=user, **given),
        done="The repayment is recorded",
        to=words.recovery_url(found),
        page=_page(found, "Record a repayment") | {"lead": f"{pounds(words.owed(found))} is still owed."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def reverse_repayment(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Take a repayment back."""
    user: Any = request.user
    found = found_recovery(request, reference)
    standing = {each.pk: each for each in selectors.reversible_repayments(found)}
    choices = [(pk, words.repayment_label(each)) for pk, each in standing.items()]
    form = ReverseForm(posted(request), today=clock.today(), repayments=choices)
    return act(
        request,
        form,
        lambda given: money.reverse_repayment(
            repayment=standing[given["repayment"]], reason=given["reason"], on=given["on"], by=user
        ),
        done="The repayment is reversed",
        to=words.recovery_url(found),
        page=_page(found, "Reverse a repayment")
        | {"lead": "Where it was recorded by mistake, bounced, or was given back. Record what is right afterwards."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def propose_write_off(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Propose to write off what is still owed."""
    user: Any = request.user
    found = found_recovery(request, reference)
    form = TextStepForm(
        posted(request),
        today=clock.today(),
        name="reason",
        label="Why write it off?",
        remedy="Enter why it is not worth, or not right, to go on asking",
        button="Propose",
    )
    return act(
        request,
        form,
        lambda given: money.propose_write_off(recovery=found, by=user, **given),
        done="Writing it off is proposed. Somebody else decides",
        to=words.recovery_url(found),
        page=_page(found, "Propose to write off") | {"lead": f"{pounds(words.owed(found))} is still owed."},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def decide_write_off(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Decide whether what is owed is written off."""
    user: Any = request.user
    found = found_recovery(request, reference)
    waits = selectors.open_write_off(found)
    said = f"{pounds(waits.amount)}, proposed by {waits.proposed_by}: {waits.reason}" if waits else ""
    return act(
        request,
        DecideWriteOffForm(posted(request), today=clock.today()),
        lambda given: money.decide_write_off(recovery=found, by=user, **given),
        done="The decision is recorded",
        to=words.recovery_url(found),
        page=_page(found, "Decide on writing off") | {"lead": said},
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def ask_again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Record that somebody required the notice to be looked at again."""
    user: Any = request.user
    found = found_recovery(request, reference)
    return act(
        request,
        AskAgainForm(posted(request), today=clock.today(), initial={"asked_by_name": found.payer_name}),
        lambda given: money.ask_again(recovery=found, by=user, **given),
        done="The request is recorded",
        to=words.recovery_url(found),
        page=_page(found, "Record a request to look again"),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def decide_again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Decide what came of looking again."""
    user: Any = request.user
    found = found_recovery(request, reference)
    asked = selectors.open_reconsideration(found)
    initial = {"amount": found.amount, "repay_by": found.repay_by, "address": f"{found.payer_name}\n"}
    return act(
        request,
        DecideAgainForm(posted(request), today=clock.today(), initial=initial),
        lambda given: money.decide_again(recovery=found, by=user, **given),
        done="The reconsideration is decided. Tell whoever asked, in writing and with the reasons",
        to=words.recovery_url(found),
        page=_page(found, "Decide the reconsideration")
        | {"lead": f"{asked.asked_by_name}: {asked.statement}" if asked else ""},
    )


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def notice_pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The letter of a notice. The read is logged. One that is still being made says so."""
    user: Any = request.user
    found: RecoveryNotice = or_404(selectors.notice_for(user, reference), "notice")
    audit.record_read(user, found, person=found.recovery.phb.person)
    content = selectors.pdf_content(found)
    if content is None or found.pdf is None:
        job = selectors.pdf_job(found)
        messages.warning(request, "The letter is being made. Try again in a moment")
        return redirect("phb_register:job", job.reference) if job else redirect(words.recovery_url(found.recovery))
    headers = {"Content-Disposition": f'inline; filename="{found.pdf.filename}"', "Content-Length": str(len(content))}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@requires(Permission.MONITOR_BUDGETS)
@require_POST
def make_notice_pdf(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Ask again for a letter that could not be made."""
    user: Any = request.user
    found: RecoveryNotice = or_404(selectors.notice_for(user, reference), "notice")
    if found.pdf_id is None:
        service.request_pdf(notice=found, by=user)
        messages.success(request, "The letter is being made")
    return redirect(reverse("budgets:recovery", args=[found.recovery.reference]))


def _page(found: Recovery, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "caption": found.phb.person,
        "back_url": words.recovery_url(found),
        "rows": words.recovery_rows(found),
    }
