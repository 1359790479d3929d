"""What a record-level extract holds."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from offers.models import Cohort
from phb_register.forms import TODAY, NhsDateField, NhsForm
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.quarters import quarter_of

#: The dates of an address: `?first_on=2026-07-01&last_on=2026-09-30`.
DATES = ("first_on", "last_on")
PARTS = ("year", "month", "day")


class ExtractForm(NhsForm):
    """The days of the extract and what it is narrowed to; without dates, the quarter so far."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"first_on": "first day", "last_on": "last day"}

    first_on = NhsDateField(label="From", required=False, earliest=EARLIEST_AS_AT, latest=TODAY)
    last_on = NhsDateField(label="To", required=False, earliest=EARLIEST_AS_AT, latest=TODAY)
    cohort = forms.ChoiceField(label="Cohort", required=False)
    method = forms.ChoiceField(label="Method", required=False, choices=[("", "All"), *Method.choices])

    def __init__(self, data: Any, *, cohorts: Sequence[Cohort], today: dt.date, **kwargs: Any) -> None:
        quarter = quarter_of(today)
        usual = dict(zip(DATES, (quarter.start, today), strict=True))
        filled = {key: data[key] for key in data}
        for name, day in usual.items():
            if not any(name in key for key in filled):
                filled |= {f"{name}_{part}": str(getattr(day, part)) for part in PARTS}
            elif name in filled:
                filled |= _boxes(name, filled.pop(name))
        super().__init__(filled, today=today, **kwargs)
        self.helper.form_class = "app-filters"
        self.fields["cohort"].choices = [("", "All"), *((each.code, each.name) for each in cohorts)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first_on, last_on = (cleaned.get(name) for name in DATES)
        for name in DATES:
            if name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, f"Enter the {self.error_nouns[name]}")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", "Last day must be the same as or after the first day")
        return cleaned

    def as_query(self) -> dict[str, str]:
        """What stands in an address for the same extract."""
        kept = {name: self.cleaned_data[name].isoformat() for name in DATES}
        return kept | {name: self.cleaned_data[name] for name in ("cohort", "method") if self.cleaned_data[name]}


def _boxes(name: str, word: str) -> dict[str, str]:
    """A date of one word in the three boxes; what is no date is shown in the last of them, and refused there."""
    year, _, rest = str(word).partition("-")
    month, _, day = rest.partition("-")
    return dict(zip((f"{name}_{part}" for part in PARTS), (year, month, day or "?"), strict=True))
