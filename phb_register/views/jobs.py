"""The progress of a background job."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from phb_register import jobs
from phb_register.access import signed_in
from phb_register.exceptions import Refused
from phb_register.presenters import job_progress
from phb_register.selectors.jobs import job_for
from phb_register.views.support import or_404


@signed_in
@require_safe
def job(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """One job of the user's own; a script asks again for the part that changes, and without one the page reloads."""
    found = or_404(job_for(request.user, reference), "job")
    part = "phb_register/job_progress.html"
    template = part if getattr(request, "htmx", False) else "phb_register/job.html"
    context = {
        "job": found,
        "progress": job_progress(found),
        "part": part,
        "breadcrumbs": [{"text": "Home", "href": reverse("phb_register:home")}],
    }
    response = TemplateResponse(request, template, context)
    if not found.is_finished:
        response["Refresh"] = "5"
    return response


@signed_in
@require_POST
def cancel_job(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Cancel one of the user's own jobs, where its kind can be."""
    found = or_404(job_for(request.user, reference), "job")
    try:
        jobs.cancel(job=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("phb_register:job", found.reference)
