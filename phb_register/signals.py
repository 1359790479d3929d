"""Sign-ins, failed sign-ins and sign-outs, for the access log."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from phb_register import audit
from phb_register.models import User


def connect() -> None:
    """Listen; called once when the site starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="log sign-in")
    user_logged_out.connect(_signed_out, dispatch_uid="log sign-out")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="log failed sign-in")


def _signed_in(user: User, **signal: Any) -> None:
    audit.record(actor=user, action="sign-in", subject=user)


def _signed_out(user: User | None, **signal: Any) -> None:
    if user is not None:
        audit.record(actor=user, action="sign-out", subject=user)


def _sign_in_failed(credentials: dict[str, Any], **signal: Any) -> None:
    """Who was tried, where such a user exists; what was typed is not kept, as people type passwords there."""
    tried = User.objects.filter(email=str(credentials.get("email") or credentials.get("login") or "").lower()).first()
    audit.record(actor=None, action="sign-in-failed", subject=tried)
