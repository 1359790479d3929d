"""Forms of this room: the as-at date, which people, targets, numbers of eligible people."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from offers.models import Cohort
from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios
from reporting import measures as m
from reporting.models import Setting
from reporting.rules import EARLIEST_AS_AT

WRITTEN_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def _in_boxes(data: Any) -> Any:
    """The address's one date as the form's three boxes, so that a wrong one is shown as it was typed."""
    found = WRITTEN_DATE.fullmatch(str((data or {}).get("as_at", "")).strip())
    if found is None:
        return data
    spread = data.copy()
    del spread["as_at"]
    for part, text in zip(("year", "month", "day"), found.groups(), strict=True):
        spread[f"as_at_{part}"] = text
    return spread


class AsAtForm(NhsForm):
    """The date a page's figures are counted on; `?as_at=2017-02-07`, or the three boxes."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date"}

    as_at = NhsDateField(
        label="As at the end of",
        required=False,
        earliest=EARLIEST_AS_AT,
        latest=TODAY,
        help_text="For example, 7 2 2017",
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_in_boxes(data), *args, **kwargs)
        self.helper.form_class = "app-filters"

    def clean(self) -> dict[str, Any]:
        """An address may carry the date as one word; what is not a date there is said, not passed over."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = str(self.data.get("as_at", "")).strip()
        if typed and not self.errors and cleaned.get("as_at") is None:
            self.add_error("as_at", f"“{typed[:40]}” is not a date: write it as year-month-day, like 2017-02-07")
        return cleaned

    def as_at_or(self, default: dt.date) -> dt.date:
        """The date asked for, or `default` where none was."""
        return self.cleaned_data.get("as_at") or default


class PeopleForm(AsAtForm):
    """Which of the people behind a figure: those of a cohort, or those of a method."""

    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date", "cohort": "a cohort", "method": "a method"}

    cohort = forms.ChoiceField(label="Cohort", required=False)
    method = forms.ChoiceField(label="Method", required=False)

    def __init__(self, data: Any = None, *args: Any, measure: m.Measure, cohorts: list[Cohort], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if measure.unit is m.Unit.BUDGETS:
            self._choose("cohort", [("", "All cohorts"), *((each.code, each.name) for each in cohorts)])
            del self.fields["method"]
        elif measure is m.BY_METHOD:
            unrecorded = (m.NOT_RECORDED, "No method recorded that day")
            self._choose("method", [("", "All methods"), *Method.choices, unrecorded])
            del self.fields["cohort"]
        else:
            del self.fields["cohort"], self.fields["method"]
        # The layout lists the fields there were when it was made.
        self.__dict__.pop("helper", None)
        self.helper.form_class = "app-filters"

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed to, beside the date: codes by field."""
        return {key: value for key, value in self.cleaned_data.items() if key != "as_at" and value}

    def chosen_labels(self) -> list[str]:
        """The same in words."""
        return [str(dict(self.fields[key].choices)[value]) for key, value in self.chosen().items()]  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


#: More than there are people.
_MOST_BUDGETS = 99_999_999


def _number_box() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric"})


class TargetForm(NhsForm):
    """What to reach from a date on: rates, or numbers of budgets."""

    submit_text = "Save target"
    error_nouns: ClassVar[dict[str, str]] = {"kind": "how the target is set", "reach_by": "date to be reached by"}
    reveals: ClassVar[dict[tuple[str, str], list[str]]] = {
        ("kind", "rate"): ["low_rate", "high_rate"],
        ("kind", "budgets"): ["low_budgets", "high_budgets"],
    }

    applies_from = NhsDateField(label="Applies from", help_text="For example, 1 4 2017")
    kind = forms.ChoiceField(
        label="How is the target set?",
        choices=[("rate", "As a rate for every 1,000 people"), ("budgets", "As a number of personal health budgets")],
        widget=Radios(),
    )
    low_rate = forms.DecimalField(
        label="Lower rate per 1,000 people",
        min_value=0,
        max_digits=6,
        decimal_places=3,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-4", "inputmode": "decimal"}),
    )
    high_rate = forms.DecimalField(
        label="Upper rate per 1,000 people",
        min_value=0,
        max_digits=6,
        decimal_places=3,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-4", "inputmode": "decimal"}),
    )
    low_budgets = forms.IntegerField(
        label="Lower number of budgets", min_value=0, max_value=_MOST_BUDGETS, widget=_number_box()
    )
    high_budgets = forms.IntegerField(
        label="Upper number of budgets", min_value=0, max_value=_MOST_BUDGETS, widget=_number_box()
    )
    reach_by = NhsDateField(
        label="To be reached by", required=False, help_text="If the paper says so. For example, 31 3 2020"
    )
    source = forms.CharField(
        label="Source", max_length=300, help_text="The paper that sets the target, with its paragraph"
    )

    def target(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "kind"}


class EligiblePopulationForm(NhsForm):
    """How many people of a cohort were eligible on a date."""

    submit_text = "Save count"
    error_nouns: ClassVar[dict[str, str]] = {"setting": "where they live", "cohort": "a cohort"}

    cohort: Any = forms.ModelChoiceField(
        label="Cohort", queryset=None, to_field_name="code", empty_label="Choose a cohort"
    )
    setting = forms.ChoiceField(
        label="Where they live",
        choices=Setting.choices,
        initial=Setting.COMMUNITY,
        widget=Radios(hints={Setting.CARE_HOME: "Not part of CHC uptake, which is measured in the community"}),
    )
    counted_on = NhsDateField(label="Counted on", latest=TODAY, help_text="For example, 7 2 2017")
    people = forms.IntegerField(
        label="People eligible",
        min_value=0,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric"}),
    )
    fast_track_people = forms.IntegerField(
        label="Of them, on fast track",
        min_value=0,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric"}),
    )
    source = forms.CharField(label="Source", max_length=300, help_text="Where the count comes from")

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = cohorts
