"""Forms of the national return: why it is right, and when the collection takes it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from phb_register.forms import NhsDateField, NhsForm
from reporting.rules.quarters import Quarter, quarter_with_code


class SubmitForm(NhsForm):
    """A return is submitted; with warnings, or a second time, its reason is asked for."""

    submit_text = "Submit the return"
    mark_optional = False

    reason = forms.CharField(
        label="Why is the return right although the checks warn?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept with the return. Name nobody",
    )
    error_nouns: ClassVar[dict[str, str]] = {"reason": "why the return is right"}

    def __init__(self, *args: Any, needs_reason: bool, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason or is_correction
        if is_correction:
            self.fields["reason"].label = "Why is the return submitted again?"
        elif not needs_reason:
            self.fields["reason"].label = "Note (optional)"


class WindowForm(NhsForm):
    """The days on which the collection takes the return of a quarter."""

    submit_text = "Save the window"
    error_nouns: ClassVar[dict[str, str]] = {
        "opens_on": "the day it opens",
        "closes_on": "the day it closes",
        "source": "where the days are published",
    }

    quarter = forms.ChoiceField(label="Quarter")
    opens_on = NhsDateField(label="Opens on", help_text="For example, 1 4 2024")
    closes_on = NhsDateField(label="Closes on")
    source = forms.CharField(label="Where are the days published?", max_length=300)

    def __init__(self, *args: Any, quarters: Sequence[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(each.code, str(each)) for each in quarters]  # type: ignore[attr-defined]

    def clean_quarter(self) -> Quarter | None:
        """The quarter chosen."""
        return quarter_with_code(self.cleaned_data["quarter"])

    def clean(self) -> dict[str, Any]:
        """It closes after it opens."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens_on: dt.date | None = cleaned.get("opens_on")
        closes_on: dt.date | None = cleaned.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", "The day it closes must be the same as or after the day it opens")
        return cleaned
