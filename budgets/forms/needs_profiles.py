"""The form in which the levels of an assessment are recorded."""

import uuid
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from budgets.forms.agreement import BudgetForm
from budgets.rules.needs_profiles import NOT_ASSESSED, Domain, NeedsLevel
from phb_register.forms import TODAY, Actions, NhsDateField


class NeedsProfileForm(BudgetForm):
    """A level for each domain of a tool. A domain offers the levels it has, and no other."""

    submit_text = "Record the needs"

    key = forms.UUIDField(widget=forms.HiddenInput)
    assessed_on = NhsDateField(label="Date of the assessment", latest=TODAY)
    assessed_by = forms.CharField(
        label="Who assessed?",
        max_length=300,
        help_text="The team, and who led it",
        error_messages={"required": "Enter who assessed the person"},
    )
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, domains: Sequence[Domain], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.domains = domains
        for domain in domains:
            levels = [(level, NeedsLevel(level).label) for level in domain.levels]
            self.fields[domain.code] = forms.ChoiceField(
                label=domain.name,
                choices=[("", "Select a level"), *levels, (NOT_ASSESSED, "Not assessed")],
                error_messages={"required": f"Select a level for {domain.name.lower()}, or “Not assessed”"},
            )
            self.word_field(domain.code, self.fields[domain.code])
        self.helper.layout = Layout(
            "key",
            "assessed_on",
            "assessed_by",
            Fieldset("Level in each domain", *(domain.code for domain in domains)),
            "note",
            Actions(self.submit_text),
        )

    def levels(self) -> dict[str, str]:
        """The levels, by the code of the domain."""
        return {domain.code: self.cleaned_data[domain.code] for domain in self.domains}

    def assessment(self) -> dict[str, Any]:
        """What the service is called with."""
        given = self.cleaned_data
        return {name: given[name] for name in ("key", "assessed_on", "assessed_by", "note")} | {"levels": self.levels()}
