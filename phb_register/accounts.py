"""What django-allauth asks us about accounts."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an administrator of the commissioner makes the accounts."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is not in use – ask your administrator to open it again",
        "email_password_mismatch": "The e-mail address or the password is not right – check both and try again",
        "enter_current_password": "Current password is not right – enter the password you signed in with",
        "incorrect_password": "Password is not right – enter the password you signed in with",
        "incorrect_code": "Security code is not right – enter the code that the app shows now",
        "too_many_login_attempts": "Too many wrong passwords – wait 5 minutes and try again",
        "rate_limited": "Too many tries – wait a few minutes and try again",
        "invalid_password_reset": "The link for a new password is no longer valid – ask for another one",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Wording only."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Security code is not right – enter the code that the app shows now",
        "cannot_delete_authenticator": "The authenticator app cannot be removed: signing in needs it",
        "cannot_generate_recovery_codes": "Set up an authenticator app before you make recovery codes",
    }
