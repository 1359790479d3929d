"""Forms about support organisations, and the filter of their list."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from budgets.models.support_organisations import SupportOrganisationQuerySet
from phb_register.forms import Checkboxes, NhsDateField, NhsForm
from phb_register.models import Commissioner

from .agreement import BudgetForm

_WIDE = {"class": "nhsuk-input--width-30"}
OPEN, CLOSED = "open", "closed"


class OrganisationForm(BudgetForm):
    """What is known of a support organisation. Whose it is, is asked of a new one alone."""

    submit_text = "Save the organisation"
    error_nouns = {"commissioner": "whose list it is on", "kinds": "what it does"}

    commissioner: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Whose list is it on?", queryset=None, empty_label="Select a commissioner", to_field_name="code"
    )
    name = forms.CharField(label="Name", max_length=200, widget=forms.TextInput(attrs=_WIDE))
    kinds = forms.MultipleChoiceField(label="What does it do?", choices=SupportKind.choices, widget=Checkboxes())
    description = forms.CharField(
        label="What it does, in plain words",
        required=False,
        max_length=1000,
        help_text="The public reads this, if it is shown to the public.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.URLField(label="Website", required=False, assume_scheme="https", widget=forms.URLInput(attrs=_WIDE))
    phone = forms.CharField(label="Phone number", required=False, max_length=30)
    email = forms.EmailField(label="Email address", required=False, widget=forms.EmailInput(attrs=_WIDE))
    is_public = forms.BooleanField(label="Show it to the public", required=False)
    payee_reference = forms.CharField(
        label="Reference in the finance system",
        required=False,
        max_length=40,
        help_text="Needed before anything is paid to it.",
    )
    closed_on = NhsDateField(
        label="First day it is used for nothing new", required=False, help_text="Leave empty while it is in use"
    )

    def __init__(self, *args: Any, commissioners: QuerySet[Commissioner] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if commissioners is None:
            del self.fields["commissioner"]
        else:
            self.fields["commissioner"].queryset = commissioners  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(organisation: SupportOrganisation) -> dict[str, Any]:
        """What is known already."""
        names = [name for name in OrganisationForm.base_fields if name != "commissioner"]
        return {name: getattr(organisation, name) for name in names}


class OrganisationFilterForm(NhsForm):
    """The form of the list's filters."""

    form_method = "get"
    submit_text = "Filter"
    mark_optional = False


class OrganisationFilter(django_filters.FilterSet):
    """Which organisations the list shows, on the day `today`."""

    words = django_filters.CharFilter(label="Name", field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label="What it does", choices=SupportKind.choices, method="by_kind", empty_label="Anything"
    )
    state = django_filters.ChoiceFilter(
        label="In use", choices=[(OPEN, "In use"), (CLOSED, "Closed")], method="by_state", empty_label="All"
    )

    class Meta:
        model = SupportOrganisation
        form = OrganisationFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def by_kind(self, rows: SupportOrganisationQuerySet, name: str, value: str) -> SupportOrganisationQuerySet:
        """Those that do this."""
        return rows.of_kind(SupportKind(value))

    def by_state(self, rows: SupportOrganisationQuerySet, name: str, value: str) -> SupportOrganisationQuerySet:
        """Those that are in use today, or the others."""
        return rows.open_on(self.today) if value == OPEN else rows.filter(closed_on__lte=self.today)
