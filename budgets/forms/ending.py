"""The forms with which a PHB ends, its end is taken back, and its money is reconciled."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from budgets.enums import EndReason, Settlement
from phb_register.forms import TODAY, MoneyField, NhsDateField, Radios

from .agreement import BudgetForm


class EndForm(BudgetForm):
    """Ending a PHB. It is sent twice: once to be told what will happen, and again to do it."""

    is_asked_again = False
    error_nouns: ClassVar[dict[str, str]] = {"end_reason": "the reason it ended"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {("end_reason", EndReason.DIED.value): ["died_on"]}

    ended_on = NhsDateField(
        label="Date it ended",
        latest=TODAY,
        help_text="The first day it is no longer in place and no longer paid for, for example, 7 2 2017",
    )
    end_reason = forms.ChoiceField(label="Reason it ended", choices=EndReason.choices, widget=Radios())
    died_on = NhsDateField(
        label="Date of death", latest=TODAY, help_text="It is put on the person’s record, for example, 6 2 2017"
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, started_on: dt.date | None, died_on: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["died_on"].initial = died_on
        if started_on is not None:
            choices = [choice for choice in EndReason.choices if choice[0] != EndReason.NOT_STARTED]
            self.fields["end_reason"].choices = choices  # type: ignore[attr-defined]

    def ending(self) -> dict[str, Any]:
        """What the service that ends a PHB is given."""
        given = self.cleaned_data
        return {
            "ended_on": given["ended_on"],
            "reason": EndReason(given["end_reason"]),
            "died_on": given.get("died_on"),
        }

    @property
    def submit_text(self) -> str:  # type: ignore[override]
        """What the button does: told first, done then."""
        return "End the personal health budget" if self.is_asked_again else "Continue"

    @property
    def is_checked(self) -> bool:
        """Whether the user was told what this very end does."""
        return bool(self.cleaned_data.get("checked") == self._mark())

    def ask_again(self) -> None:
        """Show the same answers with a button that does it."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["checked"] = self._mark()
        self.data = data
        self.__dict__.pop("helper", None)
        self.is_asked_again = True

    def _mark(self) -> str:
        said = "|".join(str(each) for each in self.ending().values())
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class TakeBackEndForm(BudgetForm):
    """Taking back an end that was recorded by mistake."""

    submit_text = "Take back the end"

    reason = forms.CharField(
        label="Why is the end taken back?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter why the end is taken back"},
    )


class ReconcileForm(BudgetForm):
    """The final reconciliation: what was left, and how it was settled."""

    submit_text = "Reconcile"
    error_nouns: ClassVar[dict[str, str]] = {"settlement": "what was left of the money"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("settlement", Settlement.RECOVERED.value): ["recovered_amount"],
        ("settlement", Settlement.PAID.value): ["paid_amount"],
    }

    settlement = forms.ChoiceField(
        label="What was left of the money?",
        choices=[
            (Settlement.NOTHING.value, "Nothing: what was paid was spent"),
            (Settlement.RECOVERED.value, "Money that was not spent. It was recovered, or written off"),
            (Settlement.PAID.value, "Money was owed. A final payment was made"),
        ],
        widget=Radios(),
    )
    recovered_amount = MoneyField(label="Money that was not spent")
    paid_amount = MoneyField(label="Final payment")
    note = forms.CharField(
        label="How it was settled",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed unless nothing was left. Say what was recovered, written off or paid, and when.",
    )

    def clean(self) -> dict[str, Any]:
        """An amount that was left is above nought."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("recovered_amount", "paid_amount"):
            if cleaned.get(name) == 0:
                self.add_error(name, "Enter an amount above £0, or select that nothing was left")
        return cleaned

    def reconciliation(self) -> dict[str, Any]:
        """What the service is given: a balance above nought was not spent, one below was owed."""
        given = self.cleaned_data
        left = given.get("recovered_amount") or Decimal(0)
        owed = given.get("paid_amount") or Decimal(0)
        return {"final_balance": left - owed, "note": given["note"]}
