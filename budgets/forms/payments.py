"""Forms about payments: runs, schedules, corrections."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import Method
from budgets.models import PersonalHealthBudget, SupportOrganisation
from budgets.models.payments import LONGEST_WAIT_DAYS
from budgets.payment_enums import CorrectionKind, Frequency, PaidWhen
from budgets.selectors.payments import Totals
from phb_register.forms import TODAY, MoneyField, NhsDateField, Radios
from phb_register.models import Commissioner

from .agreement import BudgetForm

_SMALL = {"class": "nhsuk-input--width-3", "inputmode": "numeric"}


class PrepareRunForm(BudgetForm):
    """Asking for a payment run."""

    submit_text = "Prepare the payment run"
    error_nouns: ClassVar[dict[str, str]] = {"frequency": "which schedules to pay"}

    commissioner = forms.ChoiceField(label="Commissioner that pays", widget=Radios())
    pays_on = NhsDateField(
        label="Day the money is paid",
        earliest=TODAY,
        help_text="Everything due by this day that is not paid yet is in the run. For example, 1 12 2026",
    )
    frequency = forms.ChoiceField(
        label="Which schedules?",
        choices=[("all", "All of them"), *Frequency.choices],
        initial="all",
        widget=Radios(),
    )

    def __init__(self, *args: Any, commissioners: Sequence[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.code, each.name) for each in commissioners]
        self.fields["commissioner"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["commissioner"].initial = choices[0][0]

    def chosen_frequency(self) -> str:
        """The one chosen, empty for all."""
        chosen: str = self.cleaned_data["frequency"]
        return "" if chosen == "all" else chosen


class CheckRunForm(BudgetForm):
    """Checking a run: what was looked at goes with it."""

    submit_text = "Check the run"

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    amount = forms.DecimalField(widget=forms.HiddenInput, min_value=0, decimal_places=2, max_digits=12)
    has_looked = forms.BooleanField(
        label="I have looked at the exceptions and the control totals",
        error_messages={"required": "Select that you have looked at the exceptions and the control totals"},
    )

    @staticmethod
    def initial_of(totals: Totals) -> dict[str, Any]:
        """The totals as they are shown."""
        return {"count": totals.count, "amount": totals.amount}


class ReleaseRunForm(BudgetForm):
    """Releasing a run."""

    submit_text = "Release the run"

    is_meant = forms.BooleanField(
        label="Pay everything in this run. It cannot be taken back",
        error_messages={"required": "Select that everything in this run is to be paid"},
    )


class ReasonForm(BudgetForm):
    """Why something is done. The button says what."""

    reason = forms.CharField(label="Reason", max_length=300)

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submit_text = button  # type: ignore[misc]


class IncludeForm(BudgetForm):
    """Including a held payment again."""

    submit_text = "Include the payment"


class ScheduleForm(BudgetForm):
    """How a method of a PHB is paid."""

    submit_text = "Make the payment schedule"
    error_nouns: ClassVar[dict[str, str]] = {
        "method": "what is paid",
        "frequency": "how often it is paid",
        "paid_when": "when it is paid",
    }
    reveals: ClassVar[dict[tuple[str, str], list[str]]] = {
        ("method", Method.NOTIONAL.value): ["provider"],
        ("frequency", Frequency.ONE_OFF.value): ["one_off_amount"],
    }

    method = forms.ChoiceField(label="What is paid?", widget=Radios())
    provider = forms.ChoiceField(
        label="Provider who is paid", help_text="Only providers with a reference in the finance system can be paid."
    )
    frequency = forms.ChoiceField(label="How often is it paid?", choices=Frequency.choices, widget=Radios())
    one_off_amount = MoneyField(label="Amount that is paid once")
    starts_on = NhsDateField(label="First day that is paid for", help_text="For example, 1 12 2026")
    paid_when = forms.ChoiceField(
        label="When is a period paid?", choices=PaidWhen.choices, initial=PaidWhen.ADVANCE, widget=Radios()
    )
    wait_days = forms.IntegerField(
        label="Days before it begins, or after it ends",
        min_value=0,
        max_value=LONGEST_WAIT_DAYS,
        initial=0,
        widget=forms.TextInput(attrs=_SMALL),
    )

    def __init__(
        self, *args: Any, phb: PersonalHealthBudget, providers: Sequence[SupportOrganisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        managed = {part.method for part in phb.method_parts.all() if part.ends_on != part.starts_on}
        methods = [(method.value, method.label) for method in Method if method in managed]
        self.fields["method"].choices = methods  # type: ignore[attr-defined]
        self.providers = {str(each.pk): each for each in providers}
        choices = [("", "Select a provider"), *((key, each.name) for key, each in self.providers.items())]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]

    def schedule(self) -> dict[str, Any]:
        """What the service that makes a schedule is given."""
        plain = ("starts_on", "wait_days", "one_off_amount")
        return {name: self.cleaned_data[name] for name in plain} | {
            "method": Method(self.cleaned_data["method"]),
            "frequency": Frequency(self.cleaned_data["frequency"]),
            "paid_when": PaidWhen(self.cleaned_data["paid_when"]),
            "provider": self.providers.get(self.cleaned_data["provider"]),
        }


class StopScheduleForm(BudgetForm):
    """Stopping a payment schedule."""

    submit_text = "Stop the payments"

    from_day = NhsDateField(label="First day that is no longer paid for", help_text="For example, 1 12 2026")
    reason = forms.CharField(label="Why the payments stop", max_length=300)


class CorrectionForm(BudgetForm):
    """Saying that money of a payment came back."""

    submit_text = "Ask for the correction"
    error_nouns: ClassVar[dict[str, str]] = {"kind": "what happened"}
    reveals: ClassVar[dict[tuple[str, str], list[str]]] = {("kind", CorrectionKind.REPAID.value): ["amount"]}

    kind = forms.ChoiceField(label="What happened?", choices=CorrectionKind.choices, widget=Radios())
    amount = MoneyField(label="Amount that was paid back")
    came_back_on = NhsDateField(label="Day the money came back", latest=TODAY, help_text="For example, 1 12 2026")
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def correction(self) -> dict[str, Any]:
        """What the service is given."""
        plain = ("amount", "came_back_on", "reason")
        return {name: self.cleaned_data[name] for name in plain} | {"kind": CorrectionKind(self.cleaned_data["kind"])}


class ConfirmForm(BudgetForm):
    """Confirming a correction."""

    submit_text = "Confirm and enter it in the ledger"
