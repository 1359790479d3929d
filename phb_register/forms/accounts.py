"""Forms of signing in, in our words: allauth's own forms with the wording of every other form here."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.forms import Field

from phb_register.forms import NhsFormMixin

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password again",
    "code": "Security code",
}
WIDTHS = dict.fromkeys(LABELS, "nhsuk-input--width-20") | {"code": "nhsuk-input--width-5"}


class AccountFormMixin(NhsFormMixin):
    """Our labels; no text inside the boxes, which goes away when one types and reads as an answer."""

    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {
        "login": "your e-mail address",
        "email": "your e-mail address",
        "password": "your password",
        "oldpassword": "your current password",
        "password1": "a new password",
        "password2": "the new password again",
        "code": "the security code",
    }
    hints: ClassVar[dict[str, str]] = {}

    def word_field(self, name: str, field: Field) -> None:
        """Label the field, then give it its messages."""
        field.label = LABELS.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        if name in WIDTHS:
            field.widget.attrs["class"] = WIDTHS[name]
        if name == "code":
            field.widget.attrs["inputmode"] = "numeric"
        if name in self.hints:
            field.help_text = self.hints[name]
        super().word_field(name, field)


class SignInForm(AccountFormMixin, account.LoginForm):
    """E-mail address and password."""

    submit_text = "Sign in"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # the link for a forgotten password stands under the form


class ChangePasswordForm(AccountFormMixin, account.ChangePasswordForm):
    """A new password, by somebody who knows the old one."""

    submit_text = "Change password"


class ResetPasswordForm(AccountFormMixin, account.ResetPasswordForm):
    """Where to send the link for a new password."""

    submit_text = "Send the link"


class ResetPasswordKeyForm(AccountFormMixin, account.ResetPasswordKeyForm):
    """A new password, by somebody who followed the link."""

    submit_text = "Save password"


class ReauthenticateForm(AccountFormMixin, account.ReauthenticateForm):
    """The password once more, before something that matters for security."""

    submit_text = "Continue"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ActivateAppForm(AccountFormMixin, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    submit_text = "Set up the app"
    hints: ClassVar[dict[str, str]] = {"code": "6 numbers, shown by the app"}


class DeactivateAppForm(AccountFormMixin, totp.DeactivateTOTPForm):
    """Removing the authenticator app."""

    submit_text = None


class SecondStepForm(AccountFormMixin, mfa.AuthenticateForm):
    """The code of the authenticator app, or a recovery code, when signing in."""

    submit_text = "Continue"
    hints: ClassVar[dict[str, str]] = {"code": "6 numbers from your authenticator app, or one of your recovery codes"}


class SecondStepAgainForm(AccountFormMixin, mfa.ReauthenticateForm):
    """The code once more, before something that matters for security."""

    submit_text = "Continue"
    hints: ClassVar[dict[str, str]] = SecondStepForm.hints
