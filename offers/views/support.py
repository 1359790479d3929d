"""What the views of this room share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from offers.exceptions import EditConflict, TimelineConflict
from offers.models import Edition, LocalOffer
from offers.selectors import pages
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.views.support import or_404, refuse

Result = TypeVar("Result")


def user_of(request: HttpRequest) -> User:
    """The signed-in user; the page's declared permission has seen to it that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def offer_or_404(request: HttpRequest, permission: Permission, slug: str) -> LocalOffer:
    """The offer, if the user has the permission for it: another commissioner's is not there."""
    found: LocalOffer = or_404(pages.offer_of(request.user, permission, slug), "local offer")
    return found


def edition_or_404(request: HttpRequest, permission: Permission, slug: str, number: int) -> Edition:
    """One edition of an offer, on the same terms."""
    offer = offer_or_404(request, permission, slug)
    found: Edition = or_404(pages.edition_of(offer, number), "edition")
    return found


def attempt(form: Any, act: Callable[[], Result]) -> Result | None:
    """What a service gives; or None, and its refusal on the form beside the field it is about."""
    try:
        return act()
    except (EditConflict, TimelineConflict):
        # Refusals that a page of its own answers.
        raise
    except Refused as refusal:
        refuse(form, refusal)
    except ValidationError as error:
        for field, messages in _by_field(error):
            form.add_error(field if field in form.fields else None, ValidationError(messages))
    return None


def _by_field(error: ValidationError) -> list[tuple[str | None, list[str]]]:
    if hasattr(error, "error_dict"):
        return list(error.message_dict.items())
    return [(None, error.messages)]
