"""A new local offer."""

from typing import Any

from django import forms

from offers.selectors.pages import commissioners_without_offer
from phb_register.forms import NhsForm

_WIDE = {"class": "nhsuk-input--width-30"}


class OfferForm(NhsForm):
    """A new local offer."""

    submit_text = "Start the local offer"
    error_nouns = {"commissioner": "whose local offer it is", "slug": "the address", "title": "the title"}
    commissioner: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Whose local offer is it?", queryset=None, empty_label="Select a commissioner"
    )
    title = forms.CharField(
        label="Title", max_length=160, help_text="For example, Personal health budgets in Testshire"
    )
    slug = forms.SlugField(
        label="Address",
        max_length=80,
        help_text="The last part of its public address: small letters, numbers and hyphens, for example testshire",
        widget=forms.TextInput(attrs=_WIDE),
        error_messages={"invalid": "Address must only include letters, numbers and hyphens"},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].queryset = commissioners_without_offer(user)  # type: ignore[attr-defined]
