"""The home page: what is there to do, by role."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from phb_register import clock, slots
from phb_register.access import or_public_pages, signed_in
from phb_register.selectors.users import memberships_of


@or_public_pages
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The worklists of the user's roles: first those with something to do, then what there is nothing to do about."""
    today = clock.today()
    worklists = slots.worklists_for(request.user, today)
    context = {
        "worklists": worklists,
        "busy": [(each, items) for each, items in worklists if items],
        "idle": [each for each, items in worklists if not items],
        "memberships": memberships_of(request.user, today),
        "today": today,
    }
    return TemplateResponse(request, "phb_register/home.html", context)
