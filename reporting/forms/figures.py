"""Forms of this room: the as-at date, which people, targets, numbers of eligible people."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from offers.models import Cohort
from phb_register.dates import is_month_end, last_month_end
from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios
from phb_register.presenters import spoken_date
from reporting import measures as m
from reporting.models import Setting
from reporting.rules import EARLIEST_AS_AT
from reporting.rules.filters import AGE_GROUP_LABELS, FUNDING_LABELS, Filters
from reporting.rules.release_dates import MONTH_ENDS_ONLY

METHODS_TO_CHOOSE: list[tuple[str, str]] = [*Method.choices, (m.NOT_RECORDED, "No method recorded that day")]
#: Said to readers of controlled figures who ask for a part of them.
NOT_FOR_EVERYBODY = (
    "Filters and “as known on” are for those who may see the people behind the figures. Choose the as-at date alone"
)
WRITTEN_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def _in_boxes(data: Any, names: Iterable[str]) -> Any:
    """The address's dates of one word as the form's three boxes, so that a wrong one is shown as it was typed."""
    for name in names:
        found = WRITTEN_DATE.fullmatch(str((data or {}).get(name, "")).strip())
        if found is not None:
            data = data.copy()
            del data[name]
            for part, text in zip(("year", "month", "day"), found.groups(), strict=True):
                data[f"{name}_{part}"] = text
    return data


class AsAtForm(NhsForm):
    """The date a page's figures are counted on; `?as_at=2017-02-07`, or the three boxes."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"as_at": "as-at date"}
    #: The fields that an address may carry as one word.
    dates: ClassVar[tuple[str, ...]] = ("as_at",)
    #: The fields that readers of controlled figures may use too.
    of_everybody: ClassVar[tuple[str, ...]] = ("as_at",)

    as_at = NhsDateField(
        label="As at the end of",
        required=False,
        earliest=EARLIEST_AS_AT,
        latest=TODAY,
        help_text="For example, 7 2 2017",
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_in_boxes(data, self.dates), *args, **kwargs)
        self._lay_out()

    def clean(self) -> dict[str, Any]:
        """An address may carry a date as one word; what is not a date there is said, not passed over."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.dates:
            typed = str(self.data.get(name, "")).strip()
            if typed and not self.errors and cleaned.get(name) is None:
                self.add_error(name, f"“{typed[:40]}” is not a date: write it as year-month-day, like 2017-02-07")
        return cleaned

    def keep_for_everybody(self) -> None:
        """Take out the fields that readers of controlled figures may not use, with what was wrong in them."""
        # All of it is looked at first: what is wrong with the date is said whatever else is.
        self.is_valid()
        others = [name for name in self.fields if name not in self.of_everybody]
        for name in others:
            del self.fields[name]
            self.errors.pop(name, None)
        if others:
            self._lay_out()
        if not self.errors:
            self.add_error(None, NOT_FOR_EVERYBODY)

    def _lay_out(self) -> None:
        # The layout lists the fields there were when it was made.
        self.__dict__.pop("helper", None)
        self.helper.form_class = "app-filters"

    def as_at_or(self, default: dt.date) -> dt.date:
        """The date asked for, or `default` where none was."""
        return self.cleaned_data.get("as_at") or default


class FiguresForm(AsAtForm):
    """What figures are counted of, as it stands in the address: the dates, and what they are narrowed to."""

    dates: ClassVar[tuple[str, ...]] = ("as_at", "known_on")
    error_nouns: ClassVar[dict[str, str]] = {
        "as_at": "as-at date",
        "known_on": "date as known on",
        "cohort": "a cohort",
        "method": "a method",
        "age_group": "an age group",
        "funding": "who pays",
        "part": "a part",
    }

    known_on = NhsDateField(
        label="As the register knew it at the end of",
        required=False,
        latest=TODAY,
        help_text="Empty: as it is known today",
    )
    cohort = forms.ChoiceField(label="Cohort", required=False)
    method = forms.ChoiceField(label="Method", required=False, choices=[("", "All"), *METHODS_TO_CHOOSE])
    age_group = forms.ChoiceField(label="Age", required=False, choices=[("", "All"), *AGE_GROUP_LABELS.items()])
    funding = forms.ChoiceField(label="Paid by", required=False, choices=[("", "All"), *FUNDING_LABELS.items()])

    def __init__(self, data: Any = None, *args: Any, cohorts: Sequence[Cohort], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self._choose("cohort", [("", "All"), *((each.code, each.name) for each in cohorts)])

    def only(self) -> Filters:
        """What the figures are narrowed to."""
        return Filters.of(self.cleaned_data)

    def known_on_date(self) -> dt.date | None:
        """The day whose knowledge is asked for."""
        found: dt.date | None = self.cleaned_data.get("known_on")
        return found

    def only_in_words(self) -> list[str]:
        """The same in words, each with what it narrows."""
        known_on = self.known_on_date()
        return [*self.narrowed_in_words(), *([f"As known on {spoken_date(known_on)}"] if known_on else [])]

    def narrowed_in_words(self) -> list[str]:
        """The filters alone, in words."""
        only = self.only().as_query()
        return [f"{self.fields[name].label}: {self._said(name, value)}" for name, value in only.items()]

    def for_everybody(self) -> None:
        """Leave the date alone to choose, for readers of controlled figures, and of dates the ends of months; say so
        where more was asked for.

        A table of every cohort by method by age would tell of one person what each alone does not.
        """
        self._leave_the_date(NOT_FOR_EVERYBODY)
        as_at = self.cleaned_data.get("as_at")
        if as_at is not None and not is_month_end(as_at):
            self.add_error("as_at", MONTH_ENDS_ONLY.format(spoken_date(last_month_end(as_at))))

    def _leave_the_date(self, refusal: str) -> None:
        """Take every other field out, and say `refusal` where more than the date was asked for."""
        asked = [name for name in self.fields if name != "as_at" and self.cleaned_data.get(name)]
        for name in [each for each in self.fields if each != "as_at"]:
            del self.fields[name]
        self._lay_out()
        if asked:
            self.add_error(None, refusal)

    def _said(self, name: str, value: str) -> str:
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


class PeopleForm(FiguresForm):
    """Which of the people behind a figure; of one with parts, those of a part."""

    part = forms.ChoiceField(label="Part of the figure", required=False)

    def __init__(self, data: Any = None, *args: Any, measure: m.Measure, cohorts: Sequence[Cohort], **kwargs: Any):
        super().__init__(data, *args, cohorts=cohorts, **kwargs)
        parts = {
            m.BY_COHORT: [(each.code, each.name) for each in cohorts],
            m.BY_METHOD: METHODS_TO_CHOOSE,
            m.BY_FUNDING: list(FUNDING_LABELS.items()),
        }
        if measure in parts:
            self._choose("part", [("", "All"), *parts[measure]])
        else:
            del self.fields["part"]
            self._lay_out()

    def part_chosen(self) -> str:
        """The code of the part, or "" for all."""
        return str(self.cleaned_data.get("part") or "")

    def part_in_words(self) -> list[str]:
        """Its name, where there is one."""
        part = self.part_chosen()
        return [self._said("part", part)] if part else []


#: More than there are people.
_MOST_BUDGETS = 99_999_999


def _number_box() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric"})


class TargetForm(NhsForm):
    """What to reach from a date on: rates, or numbers of budgets."""

    submit_text = "Save target"
    error_nouns: ClassVar[dict[str, str]] = {
        "applies_from": "the date it applies from",
        "kind": "how the target is set",
        "reach_by": "date to be reached by",
    }
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
    error_nouns: ClassVar[dict[str, str]] = {
        "setting": "where they live",
        "cohort": "a cohort",
        "counted_on": "the date of the count",
        "fast_track_people": "how many of them are on fast track",
    }

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
