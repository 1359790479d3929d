"""A cohort of an offer's own."""

from django import forms

from phb_register.forms import NhsForm

_WIDE = {"class": "nhsuk-input--width-30"}


class CohortForm(NhsForm):
    """A cohort of an offer's own."""

    submit_text = "Save the cohort"
    error_nouns = {"name": "the name of the cohort", "description": "who belongs to the cohort"}
    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="For example, Children with complex asthma",
        widget=forms.TextInput(_WIDE),
    )
    description = forms.CharField(
        label="Who belongs to it?",
        max_length=600,
        help_text="In plain English: the public reads it. The criteria themselves are a rule set.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
