"""What a version is tried on, and which of the people found a list shows."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from eligibility.rules.implications_result import Row
from eligibility.rules.resource_implications import Change
from phb_register.forms import NhsDateField, NhsForm
from phb_register.models.commissioners import CommissionerQuerySet


class TrialForm(NhsForm):
    """Whose people, on which day, with the referrals of which period."""

    submit_text = "Work out the resource implications"
    error_nouns: ClassVar[dict[str, str]] = {"commissioner": "whose people to try it on"}

    commissioner: Any = forms.ModelChoiceField(
        label="Try it on the people of", queryset=None, to_field_name="code", empty_label="Choose a commissioner"
    )
    as_at = NhsDateField(
        label="As-at date",
        help_text="Ages, rules and the local offer of this day; facts as known by then. For example, 1 4 2027",
    )
    period_from = NhsDateField(
        label="Referrals received from", help_text="They are counted apart. For example, 1 4 2025"
    )
    period_to = NhsDateField(label="Referrals received to", help_text="The last day, included. For example, 31 3 2026")

    def __init__(self, *args: Any, commissioners: CommissionerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["commissioner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = commissioners
        self.only = commissioners[0] if len(commissioners) == 1 else None
        if self.only is not None:
            del self.fields["commissioner"]

    def chosen(self) -> dict[str, Any]:
        """What to ask; call it on a valid form."""
        return {"commissioner": self.only, **self.cleaned_data}


class PeopleFilterForm(NhsForm):
    """The filters of the list, in the address because they name nobody; `counts` say what there is to choose."""

    form_method = "get"
    submit_text = "Filter"
    mark_optional = False

    change = forms.ChoiceField(
        label="Change", required=False, choices=[("", "All"), *((each.value, each.words) for each in Change)]
    )
    cohort = forms.ChoiceField(label="Cohort", required=False)
    commissioner = forms.ChoiceField(label="Commissioner", required=False)

    def __init__(self, data: Any, counts: Iterable[Row]) -> None:
        super().__init__(data)
        self.helper.form_class = "app-filters"
        rows = list(counts)
        for name in ("cohort", "commissioner"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
            found = dict.fromkeys((getattr(row, f"{name}_code"), getattr(row, f"{name}_name")) for row in rows)
            field.choices = [("", "All"), *found]

    def chosen(self) -> dict[str, str]:
        """The filters by name, those that are not used empty; call it on a valid form."""
        return {name: self.cleaned_data[name] for name in ("change", "cohort", "commissioner")}
