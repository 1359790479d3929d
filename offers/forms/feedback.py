"""What readers may tell of a page; what the team did about it; when an offer was looked through."""

from typing import Any

from django import forms
from django.urls import Resolver404, resolve

from offers.models.feedback import LONGEST_FEEDBACK
from offers.rules.feedback import FeedbackKind
from offers.selectors.feedback import offers_to_choose
from phb_register.access import PUBLIC, access_of
from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios
from phb_register.forms.public import PublicForm

from .consultations import NO_NAMES


def public_page(address: str) -> tuple[str, str]:
    """The path of a page that everybody can open, and the slug of the local offer it is about.

    Nothing for whatever is no such page of this site.
    """
    path = address.partition("?")[0]
    try:
        match = resolve(path)
    except Resolver404:
        return "", ""
    return (path, str(match.kwargs.get("slug", ""))) if access_of(match.func) == PUBLIC else ("", "")


class FeedbackForm(PublicForm):
    """Feedback of a reader. Who they are is not asked."""

    purpose = "feedback"
    submit_text = "Send feedback"
    error_nouns = {"kind": "what it is about", "words": "what you want to tell us"}
    kind = forms.ChoiceField(label="What is it about?", choices=FeedbackKind.choices, widget=Radios)
    words = forms.CharField(
        label="What do you want to tell us?",
        max_length=LONGEST_FEEDBACK,
        help_text=f"{NO_NAMES} Do not write about anybody’s care or health.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    local_offer: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Which local offer is it about?", queryset=None, required=False, empty_label="None of them in particular"
    )
    contact = forms.CharField(
        label="If you want an answer: your e-mail address or phone number",
        required=False,
        max_length=150,
        help_text="Only the team that answers you sees it.",
    )
    page = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    field_order = ("kind", "words", "local_offer", "contact", "page", "token")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["local_offer"].queryset = offers_to_choose()  # type: ignore[attr-defined]

    def clean_page(self) -> str:
        """A page of this site that everybody can open, or nothing."""
        return public_page(self.cleaned_data["page"])[0]

    @property
    def feedback(self) -> dict[str, Any]:
        """What was written, as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("kind", "words", "local_offer", "contact", "page")}


class DealWithForm(NhsForm):
    """What was done about feedback."""

    submit_text = "Save, and take it off the list"
    error_nouns = {"note": "what was done"}
    note = forms.CharField(label="What was done?", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ReviewForm(NhsForm):
    """Somebody looked through the public pages of an offer."""

    submit_text = "Save the review"
    reviewed_on = NhsDateField(label="Day you looked through it", latest=TODAY)
    next_review_on = NhsDateField(
        label="Day of the next review", help_text="At most a year later, unless you have a reason"
    )
    note = forms.CharField(
        label="What you found",
        required=False,
        max_length=2000,
        help_text="For your team. To change the text, start a new edition.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
