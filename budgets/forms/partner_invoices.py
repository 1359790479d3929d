"""Forms about partner invoices."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.selectors.partner_invoices import Partner
from phb_register.forms import TODAY, NhsDateField, Radios
from phb_register.models import Commissioner

from .agreement import BudgetForm


class InvoiceForm(BudgetForm):
    """Who is invoiced, and for which days. It stands in the address, so that what is owed can be looked at first."""

    submit_text = "Show what is owed"
    form_method = "get"
    mark_optional = False
    error_nouns: ClassVar[dict[str, str]] = {"partner": "the partner"}

    commissioner = forms.ChoiceField(label="Commissioner that invoices", widget=Radios())
    partner = forms.ChoiceField(label="Partner")
    period_first = NhsDateField(label="First day", latest=TODAY, help_text="For example, 1 4 2026")
    period_last = NhsDateField(label="Last day", latest=TODAY, help_text="For example, 30 6 2026")

    def __init__(
        self, *args: Any, commissioners: Sequence[Commissioner], partners: Sequence[Partner], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.commissioners = {each.code: each for each in commissioners}
        self.partners = {f"{each.funder}:{each.body_name}": each for each in partners}
        own = [(code, each.name) for code, each in self.commissioners.items()]
        self.fields["commissioner"].choices = own  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["commissioner"].initial = own[0][0]
        choices = [("", "Select a partner"), *((key, each.body_name) for key, each in self.partners.items())]
        self.fields["partner"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("period_first"), cleaned.get("period_last")
        if first and last and last < first:
            self.add_error("period_last", "Last day must be on or after the first day")
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """What the service that issues an invoice is given."""
        return {
            "commissioner": self.commissioners[self.cleaned_data["commissioner"]],
            "partner": self.partners[self.cleaned_data["partner"]],
            "period_first": self.cleaned_data["period_first"],
            "period_last": self.cleaned_data["period_last"],
        }
