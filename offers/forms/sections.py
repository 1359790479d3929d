"""The text of a section."""

from typing import Any

from django import forms

from offers.rules.text import as_typed
from phb_register.forms import Actions, NhsForm

#: The form's id: what is typed is kept, and figures are put in, by buttons that stand beside it.
FORM_ID = "section"
_WIDE = {"class": "nhsuk-input--width-30"}


class SectionForm(NhsForm):
    """A section's heading and text. `version` is the one its writer opened."""

    submit_text = None
    error_nouns = {"heading": "the heading"}
    heading = forms.CharField(label="Heading", max_length=120, widget=forms.TextInput(attrs=_WIDE))
    body = forms.CharField(
        label="Text",
        required=False,
        help_text="Write ### before a heading, - before each point of a list, and **two stars** around bold words.",
        widget=forms.Textarea(attrs={"rows": 20}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_id = FORM_ID

    def clean_body(self) -> str:
        """The text with each line ended in one way; a browser sends two characters."""
        return as_typed(self.cleaned_data["body"])

    def layout_parts(self) -> list[Any]:
        """The fields, then two buttons: one saves, one only shows."""
        return [
            *super().layout_parts(),
            Actions("Save", name="save", value="1"),
            Actions("Preview without saving", name="preview", value="1", variant="secondary"),
        ]
