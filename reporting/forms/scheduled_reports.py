"""Asking for a report: once, or every month or quarter."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import TODAY, Checkboxes, NhsDateField, NhsForm, Radios
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.scheduled_reports import DAYS_FOR_LATE_ENTRIES, ReportSection, Rhythm


def _sections() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Sections",
        choices=ReportSection.choices,
        initial=ReportSection.values,
        widget=Checkboxes(),
    )


class SubscriptionForm(NhsForm):
    """How often, and of what."""

    submit_text = "Subscribe"
    error_nouns: ClassVar[dict[str, str]] = {"rhythm": "how often", "sections": "at least one section"}

    rhythm = forms.ChoiceField(
        label="How often?",
        choices=Rhythm.choices,
        widget=Radios(),
        help_text=f"It is made {DAYS_FOR_LATE_ENTRIES} days after the month or quarter ends, when late entries are in.",
    )
    sections = _sections()


class ReportForm(NhsForm):
    """One report now."""

    submit_text = "Make the report"
    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date", "sections": "at least one section"}

    as_at = NhsDateField(
        label="Figures as at the end of",
        earliest=EARLIEST_AS_AT,
        latest=TODAY,
        help_text="For example, 31 10 2026. The figures of that day are frozen in a snapshot, unless they were before.",
    )
    sections = _sections()

    def asked(self) -> dict[str, Any]:
        """What the service takes."""
        return {"as_at": self.cleaned_data["as_at"], "sections": self.cleaned_data["sections"]}
