"""Forms about variation: how far back, and from when limits are worked out anew."""

import datetime as dt
from typing import Any, ClassVar, Self

from django import forms

from phb_register.dates import is_month_end, last_month_end
from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios
from phb_register.presenters import spoken_date
from reporting.forms.figures import AsAtForm
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.release_dates import MONTH_ENDS_ONLY
from reporting.rules.variation import SPANS, Series


class VariationForm(AsAtForm):
    """The as-at date, and how many months the charts go back."""

    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date", "months": "how far back"}

    months = forms.TypedChoiceField(
        label="How far back",
        choices=[(each, f"{each} months") for each in SPANS],
        coerce=int,
        required=False,
    )

    def chosen_months(self) -> int:
        """How many months were asked for."""
        return int(self.cleaned_data.get("months") or SPANS[0])

    def for_everybody(self) -> None:
        """Leave the ends of months to choose, for readers of controlled figures; say so where more was asked for."""
        if self.chosen_months() != SPANS[0]:
            self.add_error(
                "months", f"Select {SPANS[0]} months: further back, numbers are too small to be shown to you"
            )
        as_at = self.cleaned_data.get("as_at")
        if as_at is not None and not is_month_end(as_at):
            self.add_error("as_at", MONTH_ENDS_ONLY.format(spoken_date(last_month_end(as_at))))

    def showing(self, as_at: dt.date) -> Self:
        """The form with what is shown in it, also where nothing was asked for."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for part in ("day", "month", "year"):
            data[f"as_at_{part}"] = str(getattr(as_at, part))
        data["months"] = str(self.chosen_months())
        self.data = data
        return self


class RecalculationForm(NhsForm):
    """A known change, after which the limits of a chart are worked out anew."""

    submit_text = "Work the limits out anew"
    error_nouns: ClassVar[dict[str, str]] = {
        "series": "a chart",
        "begins_on": "the first month",
        "reason": "what changed",
    }

    series = forms.ChoiceField(label="Chart", choices=Series.choices, widget=Radios())
    begins_on = NhsDateField(
        label="First month after the change",
        earliest=EARLIEST_AS_AT,
        latest=TODAY,
        help_text="Any day of the month. For example, 1 4 2024",
    )
    reason: Any = forms.CharField(
        label="What changed?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Something that is known to have changed the process, such as a new way to offer budgets",
    )
