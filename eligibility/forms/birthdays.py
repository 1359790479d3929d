"""The review of a birthday."""

from django import forms

from phb_register.forms import TODAY, NhsDateField, NhsForm


class BirthdayReviewForm(NhsForm):
    """When the birthday was looked at, and what came of it."""

    submit_text = "Save the review"

    reviewed_on = NhsDateField(label="Date of the review", latest=TODAY, help_text="For example, 31 3 2026")
    outcome = forms.CharField(
        label="What was found and agreed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter what was found and agreed"},
    )
