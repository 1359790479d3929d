"""Forms about variation: how far back, and from when limits are worked out anew."""

import datetime as dt
from typing import Any, ClassVar, Self

from django import forms

from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios
from phb_register.presenters import spoken_date
from reporting.forms.figures import FiguresForm
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.variation import SPANS, Behind, Series


class VariationForm(FiguresForm):
    """The dates and what figures are narrowed to, as on the dashboard; and how many months the charts go back."""

    error_nouns: ClassVar[dict[str, str]] = {**FiguresForm.error_nouns, "months": "how far back"}

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
        is_further = self.chosen_months() != SPANS[0]
        self.cleaned_data.pop("months", None)
        super().for_everybody()
        if is_further:
            self.add_error(None, f"Choose {SPANS[0]} months: further back, numbers are too small to be shown to you")

    def showing(self, as_at: dt.date) -> Self:
        """The form with what is shown in it, also where nothing was asked for."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for part in ("day", "month", "year"):
            data[f"as_at_{part}"] = str(getattr(as_at, part))
        data["months"] = str(self.chosen_months())
        self.data = data
        return self


class VariationPeopleForm(FiguresForm):
    """Which of the people behind the numbers of the page: of which days, or of one commissioner beside others."""

    dates: ClassVar[tuple[str, ...]] = (*FiguresForm.dates, "first", "last")
    error_nouns: ClassVar[dict[str, str]] = {
        **FiguresForm.error_nouns,
        "first": "first day",
        "last": "last day",
    }

    first = NhsDateField(label="First day", required=False, earliest=EARLIEST_AS_AT, latest=TODAY)
    last = NhsDateField(label="Last day", required=False, earliest=EARLIEST_AS_AT, latest=TODAY)
    of = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *args: Any, behind: Behind, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        unasked = [*(["first"] if behind.is_at_the_end else []), *(["last"] if behind.is_of_a_body else ["of"])]
        for name in unasked:
            del self.fields[name]
        self._lay_out()

    def clean(self) -> dict[str, Any]:
        """Days are in order, and none is after the as-at date."""
        cleaned = super().clean()
        first, last, as_at = (cleaned.get(name) for name in ("first", "last", "as_at"))
        if first and last and first > last:
            self.add_error("last", "Last day must be on or after the first day")
        elif last and as_at and last > as_at:
            self.add_error("last", f"Last day must be on or before {spoken_date(as_at)}, the as-at date")
        return cleaned

    def showing(self, first: dt.date, last: dt.date) -> Self:
        """The form with the days that are shown in it, also where none were asked for."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name, day in (("first", first), ("last", last)):
            data |= {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
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
