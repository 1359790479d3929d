"""Forms of offsets and recoveries: drafting, notices, repayments, writing off, looking again."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from budgets.forms.agreement import BudgetForm
from budgets.forms.monitoring import StepForm, long_text
from budgets.models import RecoveryOutcome
from budgets.rules.recovery_states import PayerKind, RecoveryReason
from phb_register.forms import Checkboxes, MoneyField, NhsDateField, Radios

_DATE_HINT = "For example, 31 3 2026"


class RecoveryForm(BudgetForm):
    """What a repayment notice must say: reasons, amount, time, person."""

    submit_text = "Draft the recovery"
    error_nouns = {"reason": "the reason", "payer_kind": "who must repay", "repay_by": "day to repay by"}

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Why is money asked back?", choices=RecoveryReason.choices, widget=Radios)
    reasons = long_text(
        "Reasons in writing", "Enter the reasons, as they will be read", help_text="They stand in the notice."
    )
    amount = MoneyField(label="Amount to repay")
    repay_by = NhsDateField(label="Repay by", help_text=_DATE_HINT)
    payer_kind = forms.ChoiceField(
        label="Who must repay?",
        choices=PayerKind.choices,
        widget=Radios(hints={PayerKind.PERSONAL_REPRESENTATIVES.value: "After a death, always."}),
    )
    payer_name = forms.CharField(label="Name of who must repay", max_length=200)


class NoticeForm(StepForm):
    """The letter of a notice."""

    submit_text = "Give notice"

    address = forms.CharField(
        label="Name and address",
        help_text="One line each. The register keeps no addresses, so complete it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter the name and the address"},
    )
    body = long_text(
        "Text of the letter",
        "Enter the text of the letter",
        help_text="Change what you like, but leave the reasons, the amount, the day and who must repay.",
        rows=22,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].max_length = 20000  # type: ignore[attr-defined]
        self.add_day("When is notice given?")


class DayForm(StepForm):
    """A step that needs nothing but its day."""

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.add_day()


class RepaymentForm(BudgetForm):
    """Money that came back."""

    submit_text = "Record the repayment"
    error_nouns = {"received_on": "date it came"}

    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label="Amount")
    received_on = NhsDateField(label="When did it come?", help_text=_DATE_HINT, latest="today")
    note = forms.CharField(
        label="Note", max_length=200, required=False, help_text="Such as the reference on the bank statement"
    )


class ReverseForm(StepForm):
    """A repayment taken back."""

    submit_text = "Reverse it"
    error_nouns = {"repayment": "which repayment", "on": "date"}

    def __init__(self, *args: Any, repayments: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["repayment"] = forms.TypedChoiceField(
            label="Which repayment?", choices=repayments, widget=Radios, coerce=int
        )
        self.word_field("repayment", self.fields["repayment"])
        self.fields["reason"] = long_text("Reason", "Enter the reason", rows=3)
        self.word_field("reason", self.fields["reason"])
        self.add_day()


class DecideWriteOffForm(StepForm):
    """Whether what is owed is written off."""

    submit_text = "Decide"
    error_nouns = {"is_approved": "whether it is written off", "on": "date"}

    is_approved = forms.TypedChoiceField(
        label="Is what is still owed written off?",
        choices=[("yes", "Yes, nothing more is asked for"), ("no", "No, go on asking")],
        widget=Radios,
        coerce=lambda value: value == "yes",
    )
    note = long_text("Why?", "", required=False, help_text="Needed where it is not written off.", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day()


class AskAgainForm(StepForm):
    """Somebody wants the notice looked at again."""

    submit_text = "Record the request"

    asked_by_name = forms.CharField(label="Who asked?", max_length=200, error_messages={"required": "Enter who asked"})
    statement = long_text(
        "Why do they think the notice is wrong?", "Enter why they think the notice is wrong",
        help_text="Write down what is new as well.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When did they ask?")


class DecideAgainForm(StepForm):
    """What came of looking again."""

    submit_text = "Decide"
    error_nouns = {"outcome": "the outcome", "on": "date", "repay_by": "day to repay by"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("outcome", RecoveryOutcome.CHANGED.value): ["amount", "repay_by", "address"]
    }

    outcome = forms.ChoiceField(label="Outcome", choices=RecoveryOutcome.choices, widget=Radios)
    amount = MoneyField(label="Amount to repay now")
    repay_by = NhsDateField(label="Repay by", help_text=_DATE_HINT)
    address = forms.CharField(
        label="Name and address",
        help_text="For the new notice. One line each.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter the name and the address"},
    )
    reasons = long_text("Reasons in writing", "Enter the reasons, as they will be read")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was this decided?")


class OffsetForm(BudgetForm):
    """Unused money set off against coming payments."""

    submit_text = "Propose"
    error_nouns = {"payments": "the payments to set it off against"}

    amount = MoneyField(label="Amount to set off")
    reason = long_text("Reason", "Enter the reason", help_text="The person will be told.")

    def __init__(self, *args: Any, payments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payments"] = forms.MultipleChoiceField(
            label="Against which payments?",
            help_text="The earliest first, each at most as a whole.",
            choices=payments,
            widget=Checkboxes,
        )
        self.word_field("payments", self.fields["payments"])
        self.order_fields(["amount", "payments", "reason"])
