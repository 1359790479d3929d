"""Forms with which a user keeps the filters of a list."""

from django import forms

from phb_register.forms import NhsForm


class SaveFilterForm(NhsForm):
    """A name for the filters that stand in the address of a list."""

    submit_text = "Save filters"
    mark_optional = False

    name = forms.CharField(
        label="Name for these filters",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": "Enter a name for these filters"},
    )
    of = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)


class RenameFilterForm(NhsForm):
    """Another name for saved filters."""

    submit_text = "Save name"

    name = forms.CharField(
        label="Name",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off"}),
    )
