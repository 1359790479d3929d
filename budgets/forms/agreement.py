"""Forms about PHBs. They check the shape of what is typed; what it means, the services check again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import PersonalHealthBudget
from budgets.rules import agreement
from budgets.rules.agreement import MethodAmount
from phb_register.forms import (
    TODAY,
    Checkboxes,
    MoneyField,
    NhsDateField,
    NhsForm,
)

METHOD_HINTS = {
    Method.NOTIONAL: "The NHS holds the money and arranges the care and support agreed.",
    Method.THIRD_PARTY: (
        "An organisation independent of the person and the NHS holds the money. Also called an individual service fund."
    ),
    Method.DIRECT_PAYMENT: "The money is paid to the person, or to somebody who acts for them.",
}


class BudgetForm(NhsForm):
    """What the forms of this room share: they can show what a service refused."""

    def show(self, refusal: BudgetRefused) -> None:
        """Put each problem beside the field it belongs to."""
        self.add_problems(refusal.problems)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Add each `Problem` to its field, or to the form where it has no such field."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


class MethodsForm(BudgetForm):
    """Asks how the money is managed: one way, or several with an amount for each."""

    error_nouns: ClassVar[dict[str, str]] = {"methods": "how the money is managed"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("methods", Method.NOTIONAL.value): ["notional_amount"],
        ("methods", Method.THIRD_PARTY.value): ["third_party_amount"],
        ("methods", Method.DIRECT_PAYMENT.value): ["direct_payment_amount", "is_free_of_orders"],
    }

    annual_amount = MoneyField(
        label="Annual amount", help_text="What a whole year costs all funders together, in pounds and pence"
    )
    methods = forms.MultipleChoiceField(
        label="How is the money managed?",
        choices=Method.choices,
        widget=Checkboxes(hints={method.value: hint for method, hint in METHOD_HINTS.items()}),
        help_text="Select all that apply. More than one is a mixed budget.",
    )
    notional_amount = MoneyField(
        label="Notional budget a year", required=False, help_text="Leave empty if all of the money is managed so"
    )
    third_party_amount = MoneyField(
        label="Third-party budget a year", required=False, help_text="Leave empty if all of the money is managed so"
    )
    direct_payment_amount = MoneyField(
        label="Direct payment a year", required=False, help_text="Leave empty if all of the money is managed so"
    )
    is_free_of_orders = forms.BooleanField(
        label="No court order or licence condition stands against a direct payment",
        required=False,
        help_text=(
            "Those for treatment of drug or alcohol use, in the Schedule to the "
            "NHS (Direct Payments) Regulations 2013. Needed unless the referral answered it."
        ),
    )

    @property
    def whole(self) -> Decimal | None:
        """What the methods add to, in pounds a year; None where it could not be read."""
        return self.cleaned_data.get("annual_amount")

    def method_amounts(self) -> list[MethodAmount]:
        """The methods selected with their amounts a year; one alone has the whole."""
        chosen = [Method(value) for value in self.cleaned_data["methods"]]
        typed = {method: self.cleaned_data.get(f"{method}_amount") for method in chosen}
        if len(chosen) == 1 and typed[chosen[0]] is None and self.whole is not None:
            return [MethodAmount(chosen[0], self.whole)]
        return [MethodAmount(method, amount) for method, amount in typed.items() if amount is not None]

    def clean(self) -> dict[str, Any]:
        """Several methods have an amount each, and the amounts add to the whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = cleaned.get("methods") or []
        missing = [
            Problem(name, "Enter the amount a year, because the money is managed in more than one way")
            for name in (f"{value}_amount" for value in chosen)
            if len(chosen) > 1 and cleaned.get(name) is None and name not in self.errors
        ]
        self.add_problems(missing)
        names = {"annual_amount", "methods", *(f"{value}_amount" for value in chosen)}
        if not names & set(self.errors) and self.whole is not None:
            self.add_problems(agreement.check_methods(self.method_amounts(), self.whole))
        return cleaned


class StartForm(BudgetForm):
    """Starting a PHB that was agreed."""

    submit_text = "Start the personal health budget"

    started_on = NhsDateField(label="Date it started", latest=TODAY, help_text="For example, 7 2 2017")


class ChangeMethodsForm(MethodsForm):
    """Managing the same amount in another way from a date on."""

    submit_text = "Change how the money is managed"
    field_order = ("changed_on", "methods")

    changed_on = NhsDateField(label="First day of the change", latest=TODAY, help_text="For example, 7 2 2017")
    annual_amount = None  # type: ignore[assignment]  # another amount needs a proposal

    def __init__(self, *args: Any, whole: Decimal, **kwargs: Any) -> None:
        self._whole = whole
        super().__init__(*args, **kwargs)

    @property
    def whole(self) -> Decimal | None:
        """The annual amount agreed, which this does not change."""
        return self._whole

    @staticmethod
    def initial_of(phb: PersonalHealthBudget) -> dict[str, Any]:
        """How the money is managed now; the amounts where there is more than one."""
        parts = [part for part in phb.method_parts.all() if part.ends_on is None]
        amounts = {f"{part.method}_amount": part.annual_amount for part in parts} if len(parts) > 1 else {}
        return {"methods": [part.method for part in parts], **amounts}

    def change(self) -> dict[str, Any]:
        """What the service that changes methods is given."""
        plain = ("changed_on", "is_free_of_orders")
        return {name: self.cleaned_data[name] for name in plain} | {"methods": self.method_amounts()}
