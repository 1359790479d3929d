"""Saved filters of the lists: save, rename, delete. To use one is to open the list at its address."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from phb_register.access import signed_in
from phb_register.exceptions import Refused
from phb_register.forms.saved_filters import RenameFilterForm, SaveFilterForm
from phb_register.models import SavedFilter
from phb_register.presenters import saved_filter_link
from phb_register.selectors.saved_filters import saved_filter_for, saved_filters_of
from phb_register.services import saved_filters as service
from phb_register.slots import FilteredList, filtered_list
from phb_register.views.support import form_page, or_404, refuse


def saving_context(request: HttpRequest, code: str) -> dict[str, Any]:
    """What a list's page needs for ``phb_register/_saved_filters.html``: the user's filters, and the form to save."""
    of: FilteredList = or_404(filtered_list(code, request.user), "list")
    query = service.filters_in(of, request.GET.urlencode())
    form = SaveFilterForm(initial={"of": code, "query": query}, auto_id="save-%s")
    return {
        "saved_filters": [saved_filter_link(each, of.url) for each in saved_filters_of(request.user, code)],
        "save_filter_form": form if query else None,
    }


@signed_in
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list under a name, and go back to the list."""
    of: FilteredList = or_404(filtered_list(request.POST.get("of", ""), request.user), "list")
    form = SaveFilterForm(request.POST)
    if form.is_valid():
        try:
            saved = service.save_filter(
                user=request.user,  # type: ignore[arg-type]
                of=of,
                name=form.cleaned_data["name"],
                query=form.cleaned_data["query"],
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The filters are saved as “{saved.name}”")
            return redirect(f"{of.url}?{saved.query}")
    context = {"heading": "Save filters", "back_url": of.url}
    return form_page(request, "phb_register/saved_filter_form.html", form, context)


@signed_in
@require_http_methods(["GET", "POST"])
def rename_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's saved filters another name."""
    saved, of = _own(request, pk)
    form = RenameFilterForm(request.POST if request.method == "POST" else None, initial={"name": saved.name})
    if form.is_valid():
        try:
            service.rename_filter(saved=saved, name=form.cleaned_data["name"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The name is changed")
            return redirect(f"{of.url}?{saved.query}")
    context = {"heading": "Rename saved filters", "back_url": of.url}
    return form_page(request, "phb_register/saved_filter_form.html", form, context)


@signed_in
@require_POST
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one's saved filters."""
    saved, of = _own(request, pk)
    service.delete_filter(saved=saved)
    messages.success(request, f"The filters “{saved.name}” are deleted")
    return redirect(of.url)


def _own(request: HttpRequest, pk: int) -> tuple[SavedFilter, FilteredList]:
    """The user's own filters, of a list that they may still see."""
    saved: SavedFilter = or_404(saved_filter_for(request.user, pk), "saved filter")
    return saved, or_404(filtered_list(saved.list_code, request.user), "list")
