"""The form with which an outcome scale is written."""

from typing import Any, ClassVar

from django import forms

from budgets.models import OutcomeScale
from budgets.rules.outcome_scales import AskedOf, Direction
from budgets.services.outcomes import ScaleWords
from phb_register.forms import NhsDateField, Radios

from .agreement import BudgetForm


class ScaleForm(BudgetForm):
    """One question with its levels. From three to seven levels, each on a line."""

    submit_text = "Save the scale"
    error_nouns: ClassVar[dict[str, str]] = {"asked_of": "who is asked", "direction": "which end is better"}

    name = forms.CharField(label="Name", max_length=80, help_text="A word or two for lists, such as “Sleep”.")
    question = forms.CharField(
        label="Question",
        max_length=300,
        help_text="As it is asked, in plain words.",
        widget=forms.Textarea({"rows": 2}),
    )
    asked_of = forms.ChoiceField(label="Who is asked?", choices=AskedOf.choices, widget=Radios(is_inline=True))
    levels = forms.CharField(
        label="Levels",
        max_length=1000,
        help_text="From 3 to 7, each on a line, in their order.",
        widget=forms.Textarea({"rows": 7}),
    )
    direction = forms.ChoiceField(
        label="Which end is better?", choices=Direction.choices, widget=Radios(), initial=Direction.LAST_IS_BEST
    )
    active_from = NhsDateField(label="Asked from", help_text="For example, 1 4 2027")
    active_until = NhsDateField(label="No longer asked from", required=False, help_text="Leave empty while it goes on.")
    instrument = forms.CharField(
        label="Published survey it is taken from",
        required=False,
        max_length=120,
        help_text="Leave empty for your own words.",
    )
    licence_number = forms.CharField(label="Number of your licence to use it", required=False, max_length=60)

    @staticmethod
    def initial_of(scale: OutcomeScale) -> dict[str, Any]:
        """What the version says."""
        values = {name: getattr(scale, name) for name in ScaleForm.base_fields}
        return values | {"levels": "\n".join(scale.levels)}

    def words(self) -> ScaleWords:
        """What the service is called with."""
        return ScaleWords(**{**self.cleaned_data, "levels": self.cleaned_data["levels"].splitlines()})


class EndScaleForm(BudgetForm):
    """The day from which a scale is no longer asked."""

    submit_text = "Save the day"

    active_until = NhsDateField(label="No longer asked from", help_text="For example, 1 4 2027")
