"""Offsets: unused money set off against coming payments."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.forms.monitoring import TextStepForm
from budgets.forms.recoveries import OffsetForm
from budgets.presenters import monitoring as monitoring_words
from budgets.presenters import recoveries as words
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.offsets import OffsetStatus
from budgets.selectors import offsets as selectors
from budgets.services import offsets as service
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.scope import can

from .monitoring_support import FORMS, RECORD_PAGE, act, found_budget, found_offset, posted, step_only
from .recoveries import surplus_named


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def new_offset(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Propose to set unused money off against coming payments."""
    user: Any = request.user
    phb = found_budget(request, reference)
    surplus = surplus_named(request, phb.pk)
    method = surplus.monitoring_return.schedule.method if surplus else selectors.method_paid(phb)
    coming = {each.pays_on.isoformat(): each for each in selectors.coming_payments(phb, method, clock.today())}
    choices = [(key, f"{spoken_date(each.pays_on)}: {pounds(each.amount)}") for key, each in coming.items()]
    form = OffsetForm(posted(request), payments=choices, initial={"amount": surplus.facts.unspent if surplus else None})
    return act(
        request,
        form,
        lambda given: service.propose_offsets(
            phb=phb,
            method=method,
            amount=given["amount"],
            payments=[coming[key] for key in given["payments"]],
            reason=given["reason"],
            by=user,
            surplus=surplus,
        ),
        done="It is proposed. Somebody else approves it",
        to=monitoring_words.monitoring_url(phb),
        page={
            "heading": "Set money off against payments",
            "caption": phb.person,
            "lead": "Money that accumulated unused can be set off against a coming payment, and never more than the "
            "payment (regulation 13(4) of the NHS (Direct Payments) Regulations 2013)."
            if choices
            else "No payment is scheduled in the coming year.",
            "back_url": monitoring_words.monitoring_url(phb),
        },
    )


@requires(Permission.VIEW_PAYMENTS)
@require_safe
def offset(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One offset, and what can be done. The read is logged."""
    user: Any = request.user
    found = found_offset(request, reference)
    audit.record_read(user, found, person=found.phb.person)
    may = can(user, Permission.MONITOR_BUDGETS, found.phb.commissioner)
    is_open = found.status in (OffsetStatus.PROPOSED, OffsetStatus.APPROVED)
    may_approve = may and found.status == OffsetStatus.PROPOSED and found.proposed_by_id != user.pk
    args = [found.reference]
    context = {
        "heading": "Offset",
        "caption": found.phb.person,
        "back_url": monitoring_words.monitoring_url(found.phb),
        "back_text": "Monitoring of this budget",
        "tag": words.offset_tag(found),
        "rows": words.offset_rows(found),
        "posts": [{"text": "Approve", "url": reverse("budgets:offset-approve", args=args)}] if may_approve else [],
        "buttons": [{"text": "Withdraw", "href": reverse("budgets:offset-withdraw", args=args), "variant": "secondary"}]
        if may and is_open
        else [],
    }
    return TemplateResponse(request, RECORD_PAGE, context)


@requires(Permission.MONITOR_BUDGETS)
@require_POST
def approve(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Approve an offset that somebody else proposed."""
    user: Any = request.user
    found = found_offset(request, reference, Permission.MONITOR_BUDGETS)
    return step_only(
        request,
        lambda: service.approve_offset(offset=found, by=user),
        done="The offset is approved. The next payment run takes it into account",
        to=words.offset_url(found),
    )


@requires(Permission.MONITOR_BUDGETS)
@require_http_methods(FORMS)
def withdraw(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Withdraw an offset that is not set off yet."""
    user: Any = request.user
    found = found_offset(request, reference, Permission.MONITOR_BUDGETS)
    form = TextStepForm(
        posted(request),
        today=clock.today(),
        name="reason",
        label="Why is it withdrawn?",
        remedy="Enter the reason",
        button="Withdraw",
    )
    return act(
        request,
        form,
        lambda given: service.withdraw_offset(offset=found, by=user, **given),
        done="The offset is withdrawn",
        to=words.offset_url(found),
        page={
            "heading": "Withdraw the offset",
            "caption": found.phb.person,
            "back_url": words.offset_url(found),
            "rows": words.offset_rows(found),
        },
    )
