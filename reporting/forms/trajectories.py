"""The sheet of trajectories: a row of boxes for each financial year."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms

from phb_register.dates import FinancialYear
from phb_register.forms import Actions, NhsForm
from reporting.rules.trajectories import QUARTER_ENDS, YearPlan, quarter_end

#: More than there are people.
MOST_BUDGETS = 99_999_999
QUARTERS = range(len(QUARTER_ENDS))
LONGEST_SOURCE = 300


class TrajectoryForm(NhsForm):
    """What is to be in place at the end of each quarter of each year, and where that is set out."""

    submit_text = "Save trajectories"
    mark_optional = False

    def __init__(self, data: Any = None, *args: Any, plans: Sequence[YearPlan], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.years = [plan.year for plan in plans]
        for plan in plans:
            for quarter in QUARTERS:
                self._add(plan.year, f"q{quarter + 1}", _number(plan.year, quarter), plan.numbers[quarter])
            self._add(plan.year, "source", _source(plan.year), plan.source)
            seen = forms.CharField(required=False, widget=forms.HiddenInput, label=f"What {plan.year} said")
            self._add(plan.year, "seen", seen, "" if plan.is_empty and not plan.source else plan.mark)

    def layout_parts(self) -> list[Any]:
        """A year below the other; its boxes beside each other where there is room."""
        years = [
            Fieldset(
                str(year),
                Div(*(f"y{year.begins}_q{quarter + 1}" for quarter in QUARTERS), css_class="app-quarters"),
                f"y{year.begins}_source",
                f"y{year.begins}_seen",
            )
            for year in self.years
        ]
        return [*years, Actions(self.submit_text, cancel_url=self.cancel_url)]

    def plans(self) -> list[YearPlan]:
        """The sheet as it was typed."""
        typed = self.cleaned_data
        return [
            YearPlan(
                year,
                tuple(typed[f"y{year.begins}_q{quarter + 1}"] for quarter in QUARTERS),
                typed[f"y{year.begins}_source"].strip(),
            )
            for year in self.years
        ]

    def seen(self) -> Mapping[int, str]:
        """What each year said on the page that was filled in."""
        return {year.begins: self.cleaned_data[f"y{year.begins}_seen"] for year in self.years}

    def _add(self, year: FinancialYear, name: str, field: forms.Field, initial: Any) -> None:
        field.initial = initial
        self.fields[f"y{year.begins}_{name}"] = field
        self.word_field(f"y{year.begins}_{name}", field)


def _number(year: FinancialYear, quarter: int) -> forms.IntegerField:
    end = quarter_end(year, quarter)
    box = forms.TextInput(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric"})
    return forms.IntegerField(
        label=f"End of {end:%B %Y}", min_value=0, max_value=MOST_BUDGETS, required=False, widget=box
    )


def _source(year: FinancialYear) -> forms.CharField:
    return forms.CharField(
        label=f"Source of {year}",
        max_length=LONGEST_SOURCE,
        required=False,
        help_text="The paper that sets the trajectory, with its paragraph",
    )
