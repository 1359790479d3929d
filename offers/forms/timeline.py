"""The timeline: phases and their lines."""

from typing import Any

from django import forms

from offers.enums import LineStatus
from offers.models import LocalOffer
from offers.selectors.pages import cohorts
from phb_register.forms import NhsDateField, NhsForm

_WIDE = {"class": "nhsuk-input--width-30"}


class PhaseForm(NhsForm):
    """A phase of the timeline."""

    submit_text = None
    error_nouns = {"name": "the name of the year or phase"}
    name = forms.CharField(
        label="Name", max_length=80, help_text="For example, 2016/17 or Phase 2", widget=forms.TextInput(attrs=_WIDE)
    )
    starts_on = NhsDateField(label="First day", required=False, help_text="For example, 1 4 2016")
    ends_on = NhsDateField(label="Last day", required=False)
    timing = forms.CharField(
        label="When, in words",
        required=False,
        max_length=80,
        help_text="Where there is no date, for example “within one to two years”",
        widget=forms.TextInput(attrs=_WIDE),
    )
    continues_earlier = forms.BooleanField(label="Cohorts of earlier phases go on in this one", required=False)

    def clean(self) -> dict[str, Any]:
        """An end needs a start before it."""
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends_on and not starts_on and "starts_on" not in self.errors:
            self.add_error("starts_on", "Enter the first day, or leave out the last day")
        elif ends_on and starts_on and ends_on < starts_on:
            self.add_error("ends_on", "Last day must be on or after the first day")
        return cleaned


class LineForm(NhsForm):
    """A line of the grid. A new line that is left empty is not saved."""

    submit_text = None
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Who it is for", queryset=None, empty_label="Select a cohort"
    )
    status = forms.ChoiceField(label="Where it has got to", choices=[("", "Select a status"), *LineStatus.choices])
    note = forms.CharField(label="Note", required=False, max_length=300)
    source = forms.CharField(
        label="Source", required=False, max_length=200, help_text="The paper and paragraph it rests on"
    )
    starts_on = NhsDateField(label="From", required=False, help_text="If not the first day of the year or phase")
    ends_on = NhsDateField(label="First day no longer offered", required=False)
    is_removed = forms.BooleanField(label="Remove this line", required=False)
    error_nouns = {"cohort": "who the line is for", "status": "where the line has got to"}

    def __init__(self, *args: Any, offer: LocalOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts(offer)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A line that goes need not be right; one that ends must end after it starts."""
        cleaned = super().clean() or {}
        if cleaned.get("is_removed"):
            self.errors.clear()
            return cleaned
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "First day no longer offered must be after the day it starts")
        return cleaned


# Each form takes a while to draw, so a request that asks for thousands is refused.
_MOST_LINES = 100
LineFormSet = forms.formset_factory(LineForm, extra=1, absolute_max=_MOST_LINES, max_num=_MOST_LINES)
