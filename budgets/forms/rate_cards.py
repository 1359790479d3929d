"""Forms about rate cards: a version, and the values of one part of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from budgets.forms.agreement import BudgetForm
from budgets.models import RateCard
from budgets.rules.rate_cards import RateValue, Unit, ValueSpec
from phb_register.forms import Actions, AffixedInput, MoneyField, NhsDateField

_NARROW = {"class": "nhsuk-input--width-5", "inputmode": "decimal", "spellcheck": "false"}
_SUFFIXES = {Unit.PERCENT: "%", Unit.WEEKS: "weeks", Unit.DAYS: "days"}


class RateCardForm(BudgetForm):
    """From when a version applies, and what changes with it."""

    submit_text = "Save"

    applies_from = NhsDateField(
        label="First day it applies", help_text="Budgets with the rates of this day or later are worked out with it"
    )
    note = forms.CharField(
        label="What changes, and why", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class StartRateCardForm(RateCardForm):
    """A new version. It begins with the values of the one before."""

    submit_text = "Start the version"


class WithdrawRateCardForm(BudgetForm):
    """A draft that is not wanted any more."""

    submit_text = "Withdraw the draft"

    reason = forms.CharField(
        label="Why is it withdrawn?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why it is withdrawn"},
    )


class ConfirmRateCardForm(BudgetForm):
    """Nothing is asked; the button is the answer."""

    submit_text = "Put in force"


class RateValuesForm(BudgetForm):
    """The values of one part of a card. A value left empty is not on the card; each other needs its source."""

    submit_text = "Save"
    mark_optional = False

    source_of_all = forms.CharField(
        label="Where these values come from",
        required=False,
        max_length=300,
        help_text="Used for each value below that has no source of its own",
        widget=forms.TextInput(attrs={"class": "nhsuk-u-width-full"}),
    )

    def __init__(self, *args: Any, specs: Sequence[ValueSpec], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs = specs
        for spec in specs:
            self.fields[spec.code] = _amount_field(spec)
            self.fields[_source(spec)] = forms.CharField(
                label=f"Source of “{spec.label}”",
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"class": "nhsuk-u-width-full"}),
            )
            self.word_field(spec.code, self.fields[spec.code])
            self.word_field(_source(spec), self.fields[_source(spec)])
        parts = [Div(spec.code, _source(spec), css_class="app-grid-line") for spec in specs]
        self.helper.layout = Layout("source_of_all", *parts, Actions(self.submit_text))

    @staticmethod
    def initial_of(card: RateCard, specs: Sequence[ValueSpec]) -> dict[str, Any]:
        """What the card holds of a part."""
        held = card.as_rates().values
        initial: dict[str, Any] = {}
        for spec in specs:
            value = held.get(spec.code)
            if value is not None:
                places = Decimal("0.01") if spec.unit.is_money else Decimal(1)
                initial[spec.code] = (
                    value.amount.quantize(places) if spec.unit.is_money else f"{value.amount.normalize():f}"
                )
                initial[_source(spec)] = value.source
        return initial

    def values(self) -> dict[str, RateValue]:
        """What was entered, by code."""
        given = self.cleaned_data
        return {
            spec.code: RateValue(given[spec.code], given[_source(spec)] or given["source_of_all"])
            for spec in self.specs
            if given.get(spec.code) is not None
        }

    def clean(self) -> dict[str, Any]:
        """A source belongs to a value."""
        cleaned = super().clean() or {}
        for spec in self.specs:
            if cleaned.get(_source(spec)) and cleaned.get(spec.code) is None and spec.code not in self.errors:
                self.add_error(spec.code, f"Enter an amount for “{spec.label}”, or take its source out")
        return cleaned


def _source(spec: ValueSpec) -> str:
    return f"{spec.code}_source"


def _amount_field(spec: ValueSpec) -> forms.Field:
    if spec.unit.is_money:
        return MoneyField(label=f"{spec.label} ({spec.unit.label})", required=False, help_text=spec.hint)
    return forms.DecimalField(
        label=spec.label,
        required=False,
        help_text=spec.hint,
        min_value=0,
        max_digits=8,
        decimal_places=4,
        widget=AffixedInput(attrs=_NARROW, suffix=_SUFFIXES[spec.unit]),
    )


class CompareForm(BudgetForm):
    """Which two versions to compare, as the address says it."""

    form_method = "get"
    submit_text = "Compare"
    mark_optional = False

    older = forms.TypedChoiceField(label="Version", coerce=int)
    newer = forms.TypedChoiceField(label="Compared with", coerce=int)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("older", "newer"):
            self.fields[name].choices = [(number, f"Version {number}") for number in numbers]  # type: ignore[attr-defined]
        self.helper.form_class = "app-filters"
