"""The form with which a referral is screened again."""

from django import forms

from phb_register.forms import NhsDateField, NhsForm


class ScreenAgainForm(NhsForm):
    """Why, and as on which day."""

    submit_text = "Continue"

    error_nouns = {"reason": "why you screen again", "assessed_on": "date the facts are true on"}

    assessed_on = NhsDateField(
        label="On which date are the facts true?",
        help_text="The rules of this day are used. For example, 31 3 2026",
        latest="today",
    )
    reason = forms.CharField(
        label="Why do you screen again?",
        help_text="For example, a decision about CHC was made since.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
