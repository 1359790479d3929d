"""The form to upload numbers of eligible people."""

from typing import ClassVar

from django import forms

from phb_register.forms import Radios
from phb_register.forms.file_imports import UploadForm


class EligibleUploadForm(UploadForm):
    """A file of numbers of eligible people, and who keeps it."""

    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "who keeps these numbers", "file": "the file"}

    commissioner = forms.ChoiceField(
        label="Who keeps these numbers?",
        widget=Radios(),
        help_text="Each row says whose people it counts. This is who may see the import and undo it.",
    )
