"""The form with which a commissioner adds to what no PHB of its people buys."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import NhsDateField

from .agreement import BudgetForm


class ProhibitedForm(BudgetForm):
    """One entry of the commissioner's own."""

    submit_text = "Add to the list"
    error_nouns: ClassVar[dict[str, str]] = {
        "label": "what cannot be bought",
        "citation": "where that is said",
        "source": "where you read it",
    }

    label = forms.CharField(label="What cannot be bought?", max_length=150)
    words = forms.CharField(
        label="Words it is recognised by",
        required=False,
        max_length=400,
        help_text="One a line, in the singular. A plan’s line with one of them is questioned.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    citation = forms.CharField(
        label="Where is that said?", max_length=300, help_text="As a refusal names it: your policy and its date"
    )
    source = forms.CharField(label="Where did you read it?", max_length=300)
    applies_from = NhsDateField(label="Applies from", help_text="For example, 1 4 2026")

    def entry(self) -> dict[str, Any]:
        """What the service is called with."""
        return {**self.cleaned_data, "words": self.cleaned_data["words"].splitlines()}
