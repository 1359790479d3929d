"""Who may open a page: every view says so, and one that does not is refused.

``@public`` needs no sign-in, ``@signed_in`` any user, ``@requires(Permission.X)`` a membership that grants X for
somebody. Whose records the page then shows is the queryset's business (``visible_to``).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import public_navigation

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

PUBLIC = "public"
SIGNED_IN = "signed in"

# Views of libraries that guard themselves: sign-in, second factor, password change.
SELF_GUARDED_MODULES = ("allauth.",)


def public(view: View) -> View:
    """Anybody may open this page, and no session is needed."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Any signed-in user may open this page."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def or_public_pages(view: View) -> View:
    """Whoever is not signed in is led to the public pages instead of to sign in."""
    view.leads_to_public_pages = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only users who have ``permission`` for some commissioner may open this page."""

    def declare(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return declare


def access_of(view: Callable[..., Any]) -> str | Permission | None:
    """What a view declares, or None. A library's view that guards itself counts as public here."""
    declared = getattr(view, "access", None)
    if declared is None and view.__module__.startswith(SELF_GUARDED_MODULES):
        return PUBLIC
    return declared


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to sign in, unless the page is public.

    Django's own asks who the reader is before it looks whether that matters, and so makes every public page vary by
    cookie.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Run before the view."""
        if not getattr(view_func, "login_required", True):
            return None
        if getattr(view_func, "leads_to_public_pages", False) and not request.user.is_authenticated:
            return redirect(public_navigation()[0].url)
        return super().process_view(request, view_func, view_args, view_kwargs)


class AccessMiddleware(MiddlewareMixin):
    """Refuses every view that declares nothing, and every user without the permission that a view declares."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Run before the view."""
        declared = access_of(view)
        if declared == PUBLIC:
            return None
        if declared is None:
            raise PermissionDenied("This page declares nobody who may open it")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if isinstance(declared, Permission) and not can(request.user, declared):
            raise PermissionDenied(f"This page needs the permission {declared}")
        return None


class RequireSecondFactorMiddleware(MiddlewareMixin):
    """Sends a signed-in user without a second factor to set one up, where ``SECOND_FACTOR_REQUIRED`` is set."""

    ALLOWED = ("mfa_", "account_logout", "account_reauthenticate")

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Run before the view."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if (
            not settings.SECOND_FACTOR_REQUIRED
            or getattr(view, "access", None) == PUBLIC
            or not request.user.is_authenticated
            or (name or "").startswith(self.ALLOWED)
            or get_adapter().is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
        ):
            return None
        messages.info(request, "Set up a second step for signing in before you use the register")
        return redirect(reverse("mfa_activate_totp"))
