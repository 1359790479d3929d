"""Users and their memberships, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from phb_register import clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.forms.users import EndMembershipForm, MembershipForm
from phb_register.presenters import MEMBERSHIP_COLUMNS, page_links
from phb_register.roles import Permission
from phb_register.selectors.users import membership_for, memberships_visible_to
from phb_register.services import users as service
from phb_register.tables import table_params
from phb_register.views.support import form_page, or_404, page_of, refuse


@requires(Permission.MANAGE_USERS)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """The users of the administrator's commissioners, with their roles."""
    page = page_of(request, memberships_visible_to(request.user))
    context = {
        "page": page,
        "table": table_params(MEMBERSHIP_COLUMNS, page, caption="Users and their roles", is_responsive=True),
        "links": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, "phb_register/users.html", context)


@requires(Permission.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
def give_membership(request: HttpRequest) -> HttpResponse:
    """Give somebody a role; a user who is not there yet is made."""
    form = MembershipForm(request.POST or None, user=request.user, today=clock.today())
    if form.is_valid():
        try:
            user = service.give_role(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{user} has the role from the date you gave")
            return redirect("phb_register:users")
    return form_page(request, "phb_register/membership_form.html", form)


@requires(Permission.MANAGE_USERS)
@require_http_methods(["GET", "POST"])
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    membership = or_404(membership_for(request.user, pk), "membership")
    form = EndMembershipForm(request.POST or None, initial={"ends_on": clock.today()})
    if form.is_valid():
        try:
            service.end_membership(membership=membership, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{membership.user} no longer has the role")
            return redirect("phb_register:users")
    return form_page(request, "phb_register/end_membership.html", form, {"membership": membership})
