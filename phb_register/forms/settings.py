"""Forms of what a commissioner or partnership decides for itself."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import TODAY, NhsDateField, NhsForm, NhsModelForm, Radios
from phb_register.models import CommissionerSettings, PopulationBasis


class SettingsForm(NhsModelForm):
    """The settings of a commissioner or partnership."""

    submit_text = "Save settings"

    class Meta:
        model = CommissionerSettings
        fields = (
            "decision_days",
            "decision_days_counted",
            "acknowledge_working_days",
            "reconsideration_days",
            "birthday_notice_months",
            "is_fast_track_routinely_offered",
            "disclosure_profile",
            "how_to_ask",
            "letter_contact",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "decision_days": forms.TextInput(attrs={"class": "nhsuk-input--width-3", "inputmode": "numeric"}),
            "decision_days_counted": Radios,
            "acknowledge_working_days": forms.TextInput(
                attrs={"class": "nhsuk-input--width-2", "inputmode": "numeric"}
            ),
            "reconsideration_days": forms.TextInput(attrs={"class": "nhsuk-input--width-3", "inputmode": "numeric"}),
            "birthday_notice_months": forms.TextInput(attrs={"class": "nhsuk-input--width-2", "inputmode": "numeric"}),
            "disclosure_profile": Radios,
            "how_to_ask": forms.Textarea(attrs={"rows": 5}),
            "letter_contact": forms.Textarea(attrs={"rows": 5}),
        }


class PopulationForm(NhsForm):
    """A count of the people served."""

    submit_text = "Save population"

    people = forms.IntegerField(
        label="Number of people",
        min_value=1,
        max_value=100_000_000,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10", "inputmode": "numeric"}),
    )
    basis = forms.ChoiceField(label="Basis of the count", choices=PopulationBasis.choices, widget=Radios())
    counted_on = NhsDateField(label="Date of the count", latest=TODAY, help_text="For example, 1 4 2016")
    source = forms.CharField(label="Source", max_length=300, help_text="Where the count is published.")
