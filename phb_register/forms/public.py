"""What forms that anybody may send have in common."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django import forms

from phb_register.nhsuk.forms import NhsForm
from phb_register.public_forms import TokenRefused, new_token, read_token

TOO_MANY = "Too many forms were sent from where you are. Wait a few minutes, then send this one again"
OPEN_TOO_LONG = "This page was open for a long time. Check what you wrote, then send it again"


class PublicForm(NhsForm):
    """A form of a page without a session. ``purpose`` tells it from the others.

    ``form_key`` is the same however often one page is sent. A token that is too old or missing is an error of the
    whole form: everything typed stays, and the page shown again carries a new token.
    """

    purpose: ClassVar[str]
    token = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    form_key: uuid.UUID

    def __init__(self, data: Any = None, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.helper.disable_csrf = True
        self.now = now
        self.initial.setdefault("token", new_token(self.purpose, now))

    def clean_token(self) -> str:
        """Refuse a page that nobody drew, or that was drawn long ago: the page shown again has a new token."""
        token: str = self.cleaned_data["token"]
        try:
            self.form_key = read_token(token, self.purpose, self.now)
        except TokenRefused:
            self.add_error(None, OPEN_TOO_LONG)
            sent: Any = self.data
            self.data = drawn = sent.copy()
            drawn[self.add_prefix("token")] = new_token(self.purpose, self.now)
        return token

    def refuse_as_too_many(self) -> None:
        """Say that the form was not taken, because too many were sent."""
        self.add_error(None, TOO_MANY)
