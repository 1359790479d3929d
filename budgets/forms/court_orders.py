"""Forms about court orders and licence conditions."""

from django import forms

from budgets.rules.court_orders import KINDS
from phb_register.forms import TODAY, NhsDateField, Radios

from .agreement import BudgetForm

_EXAMPLE = "For example, 7 2 2026"


class CourtOrderForm(BudgetForm):
    """An order of the Schedule."""

    submit_text = "Record the order"
    error_nouns = {"kind": "the kind of order"}

    kind = forms.ChoiceField(
        label="What kind of order or condition is it?",
        choices=[(kind.code, kind.title) for kind in KINDS],
        widget=Radios(
            hints={kind.code: f"Paragraph {kind.paragraph} of the Schedule" for kind in KINDS if kind.paragraph}
        ),
    )
    first_day = NhsDateField(label="First day it is in force", help_text=_EXAMPLE)
    last_day = NhsDateField(
        label="Last day it is in force", required=False, help_text="Leave empty while it is not known"
    )
    evidence_seen_on = NhsDateField(label="Date you saw the evidence", latest=TODAY, help_text=_EXAMPLE)


class LastDayForm(BudgetForm):
    """When an order ends, or ended."""

    submit_text = "Save"

    last_day = NhsDateField(
        label="Last day it is in force",
        required=False,
        help_text="A direct payment is possible from the day after. Leave empty while it is not known",
    )


class WithdrawOrderForm(BudgetForm):
    """An order that was entered in error."""

    submit_text = "Withdraw the order"

    reason = forms.CharField(
        label="Why was it entered in error?", max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
