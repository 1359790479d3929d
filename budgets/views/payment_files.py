"""The files of a payment run, and how they are laid out."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from budgets.exceptions import BudgetRefused
from budgets.forms.payment_files import FileLayoutForm
from budgets.models import PaymentRun
from budgets.payment_enums import FileKind, RunStatus
from budgets.presenters import payment_files as words
from budgets.presenters import payments as says
from budgets.selectors import payment_files as selectors
from budgets.selectors.payments import run_for
from budgets.services import payment_files as services
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.models import StoredDocument, User
from phb_register.roles import Permission
from phb_register.views.support import commissioner_or_404, form_page, or_404


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(["GET", "POST"])
def payment_file(request: HttpRequest, reference: uuid.UUID, kind: str) -> HttpResponse:
    """One of the two files of a run: how it would look, or what it is once it is made. Sent, it is made."""
    user, run, which = cast(User, request.user), _run(request, reference), _kind(kind)
    made: StoredDocument | None = getattr(run, f"{which}_file")
    if request.method == "POST":
        try:
            services.make_file(run=run, kind=which, by=user, on=clock.today())
        except BudgetRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"The {which.label.lower()} is made. It stays as it is")
        return redirect(words.file_url(run, which))
    layout = selectors.layout_of(run.commissioner, which, clock.today())
    lines = list(selectors.file_rows(run, selectors.SAMPLE))
    context = {
        "run": run,
        "kind": which,
        "heading": f"{which.label} of payment run {run.label}",
        "rows": words.file_rows(made) if made else None,
        "can_make": made is None and run.status == RunStatus.RELEASED,
        "totals": says.checked_words(run) if run.checked_count is not None else "",
        "preview": None if made else words.preview(layout, lines, "The first lines as they would be"),
        "back_url": says.run_url(run),
    }
    return TemplateResponse(request, "budgets/payments/file.html", context)


@requires(Permission.PREPARE_PAYMENTS)
@require_safe
def download_payment_file(request: HttpRequest, reference: uuid.UUID, kind: str) -> HttpResponse:
    """A file that was made, byte by byte as it was made. The export is logged."""
    user, run, which = cast(User, request.user), _run(request, reference), _kind(kind)
    made: StoredDocument = or_404(getattr(run, f"{which}_file"), "file")
    filters = {"run": run.label, "sha256": made.sha256}
    audit.record_export(
        user, f"payment {which} file", commissioner=run.commissioner, rows=run.checked_count or 0, filters=filters
    )
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(bytes(made.content), content_type=made.media_type, headers=headers)


@requires(Permission.PREPARE_PAYMENTS)
@require_http_methods(["GET", "POST"])
def payment_file_layout(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Choose and order the columns of a kind of file, and see how it then looks."""
    user, which = cast(User, request.user), _kind(kind)
    commissioner = commissioner_or_404(request, Permission.PREPARE_PAYMENTS, code)
    layout = selectors.layout_of(commissioner, which, clock.today())
    posted = request.POST if request.method == "POST" else None
    form = FileLayoutForm(posted, kind=which, initial=FileLayoutForm.initial_of(layout))
    form.cancel_url = says.runs_url()
    if form.is_valid():
        services.lay_out_file(commissioner=commissioner, layout=form.chosen(), by=user)
        messages.success(request, "The layout is saved. Files that were made before stay as they are")
        return redirect(request.path)
    context = {
        "commissioner": commissioner,
        "heading": f"Lay out the {which.label.lower()}",
        "preview": words.preview(layout, words.EXAMPLES, "How the file looks, with invented payments"),
        "back_url": says.runs_url(),
    }
    return form_page(request, "budgets/payments/layout.html", form, context)


def _kind(kind: str) -> FileKind:
    if kind not in FileKind.values:
        raise Http404("There is no such file")
    return FileKind(kind)


def _run(request: HttpRequest, reference: uuid.UUID) -> PaymentRun:
    found: PaymentRun = or_404(run_for(cast(User, request.user), reference, Permission.PREPARE_PAYMENTS), "payment run")
    return found
