"""Which days the pathway's figures are of, and which of the people behind one."""

from typing import Any, ClassVar

from django import forms

from budgets.rules.outcome_scales import Change
from eligibility.enums import DecisionOutcome, ReasonCode, WhyNot
from reporting import measures as m
from reporting.forms.figures import FiguresForm
from reporting.measures import pathway, quality
from reporting.rules.pathway import Answer, Kept, PeriodKind

#: What a list may be narrowed to, by the measure: the field of the address, and its values with their words.
PARTS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    pathway.PEOPLE_BY_ANSWER.code: ("part", Answer.choices),
    pathway.PEOPLE_BY_WHY_NOT.code: ("reason", WhyNot.choices),
    pathway.REFERRALS_DECIDED.code: ("part", DecisionOutcome.choices),
    pathway.REFERRALS_BY_REFUSAL.code: ("reason", ReasonCode.choices),
    quality.REVIEWS_ON_TIME.code: ("part", Kept.choices),
    quality.ANNUAL_SAVING.code: (
        "part",
        [("known", "The package it replaces is known"), ("unknown", "No package is recorded")],
    ),
    quality.OUTCOMES_CHANGED.code: ("part", [(change.value, change.value.capitalize()) for change in Change]),
}
ONLY_THE_DATE = (
    "The period, filters and “as known on” are for those who may see the people behind the figures. Choose the as-at "
    "date alone: you see the last whole quarter by then"
)


class PathwayForm(FiguresForm):
    """The dates and what figures are narrowed to, as on the dashboard; and how far back from the as-at date."""

    error_nouns: ClassVar[dict[str, str]] = {**FiguresForm.error_nouns, "period": "the period"}

    period = forms.ChoiceField(label="Period", choices=PeriodKind.choices, required=False)

    @property
    def kind(self) -> PeriodKind:
        """The period asked for; the year so far where none was."""
        return PeriodKind(self.cleaned_data.get("period") or PeriodKind.YEAR)

    def for_everybody(self) -> None:
        """Leave the date alone to choose, for readers of controlled figures; say so where more was asked for."""
        self._leave_the_date(ONLY_THE_DATE)


class PathwayPeopleForm(PathwayForm):
    """Which of the people behind a figure: those with one answer, or for one reason."""

    error_nouns: ClassVar[dict[str, str]] = {**PathwayForm.error_nouns, "part": "which", "reason": "a reason"}

    part = forms.ChoiceField(label="Which", required=False)
    reason = forms.ChoiceField(label="Reason", required=False)

    def __init__(
        self, data: Any = None, *args: Any, measure: m.Measure, scales: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        choices = dict([PARTS[measure.code]]) if measure.code in PARTS else {}
        if measure is quality.OUTCOMES_CHANGED:
            choices["reason"] = scales
        for name in ("part", "reason"):
            if name not in choices:
                del self.fields[name]
                continue
            self._choose(name, [("", "All"), *choices[name]])
            if measure is quality.OUTCOMES_CHANGED and name == "reason":
                self.fields[name].label = "Scale"
        self._lay_out()

    def chosen(self) -> dict[str, str]:
        """What the list is narrowed to, beside the days."""
        return {name: value for name in ("part", "reason") if (value := self.cleaned_data.get(name))}

    def chosen_labels(self) -> list[str]:
        """The same in words."""
        return [self._said(name, value) for name, value in self.chosen().items()]
