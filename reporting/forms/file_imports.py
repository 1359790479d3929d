"""The forms to upload numbers of eligible people, and a table of areas."""

from typing import ClassVar

from django import forms

from phb_register.forms import NhsDateField, Radios
from phb_register.forms.file_imports import UploadForm
from reporting.rules.area_rows import LONGEST_SOURCE


class EligibleUploadForm(UploadForm):
    """A file of numbers of eligible people, and who keeps it."""

    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "who keeps these numbers", "file": "the file"}

    commissioner = forms.ChoiceField(
        label="Who keeps these numbers?",
        widget=Radios(),
        help_text="Each row says whose people it counts. This is who may see the import and undo it.",
    )


class AreaUploadForm(UploadForm):
    """A table of areas: whose it is, from what day it holds, and where it is published."""

    error_nouns: ClassVar[dict[str, str]] = {
        "commissioner": "whose areas they are",
        "applies_from": "the day from which they apply",
        "source": "what the table is, and where it is published",
        "file": "the file",
    }
    field_order = ("commissioner", "applies_from", "source", "file")

    commissioner = forms.ChoiceField(label="Whose areas are they?", widget=Radios())
    applies_from = NhsDateField(
        label="From what day do they apply?",
        help_text="For example, 26 9 2019. They hold until a newer table of the same commissioner.",
    )
    source = forms.CharField(
        label="What is the table, and where is it published?",
        max_length=LONGEST_SOURCE,
        help_text="For example, English indices of deprivation 2019, postcodes of November 2025",
    )
