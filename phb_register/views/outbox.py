"""The outbox, for administrators: what is sent, what waits, what did not arrive."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register.access import requires
from phb_register.email_presenters import OUTBOX_COLUMNS, email_rows, status_tag
from phb_register.email_states import TABLE
from phb_register.emails import text_of, try_again
from phb_register.exceptions import Refused
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.selectors.emails import email_for, emails_visible_to
from phb_register.tables import table_params
from phb_register.views.support import or_404, page_of


@requires(Permission.MANAGE_USERS)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The e-mails of the administrator's commissioners, newest first."""
    page = page_of(request, emails_visible_to(request.user))
    context = {
        "page": page,
        "table": table_params(OUTBOX_COLUMNS, page, caption="E-mails", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
        "is_demonstration": settings.DEMONSTRATION,
    }
    return TemplateResponse(request, "phb_register/outbox.html", context)


@requires(Permission.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One e-mail as it goes out; sent again by its button, where it was given up."""
    found = or_404(email_for(request.user, reference), "e-mail")
    if request.method == "POST":
        try:
            try_again(email=found, by=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The e-mail is sent again")
        return redirect("phb_register:outbox-email", reference)
    context = {
        "email": found,
        "tag": status_tag(found),
        "rows": email_rows(found),
        "text": text_of(found),
        "steps": [step.label for step in TABLE.steps_from(found.status) if step.action == "try_again"],
        "breadcrumbs": [{"text": "Outbox", "href": reverse("phb_register:outbox")}],
        "is_demonstration": settings.DEMONSTRATION,
    }
    return TemplateResponse(request, "phb_register/outbox_email.html", context)
