"""The form of the component gallery: one field of each kind."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import (
    TODAY,
    Checkboxes,
    MoneyField,
    NhsDateField,
    NhsForm,
    NhsNumberField,
    PercentField,
    Radios,
    YesNoField,
)

METHODS = [("notional", "Notional"), ("third_party", "Third party"), ("direct_payment", "Direct payment")]


class GalleryForm(NhsForm):
    """Nothing is kept of what it is given."""

    submit_text = "Check the form"
    error_nouns: ClassVar[dict[str, str]] = {"method": "how the money is held"}
    reveals: ClassVar[dict[tuple[str, str], list[str]]] = {("method", "direct_payment"): ["payee", "account_opened_on"]}

    full_name = forms.CharField(label="Full name", max_length=150)
    nhs_number = NhsNumberField()
    born_on = NhsDateField(label="Date of birth", latest=TODAY, help_text="For example, 31 3 1980")
    email = forms.EmailField(label="E-mail address", required=False)
    method = forms.ChoiceField(
        label="How is the money held?",
        choices=METHODS,
        widget=Radios(hints={"notional": "The NHS holds the money and arranges the care."}),
    )
    payee = forms.CharField(label="Name of the payee", max_length=150)
    account_opened_on = NhsDateField(label="Date the account was opened", latest=TODAY, required=False)
    annual_amount = MoneyField(label="Annual amount", help_text="In pounds and pence")
    nhs_share = PercentField(label="Share paid by the NHS")
    carers = forms.IntegerField(label="Number of carers", min_value=0, max_value=20, required=False)
    has_capacity = YesNoField(label="Does the person have capacity?", may_be_unknown=True)
    needs = forms.MultipleChoiceField(
        label="Areas of need",
        choices=[("mobility", "Mobility"), ("breathing", "Breathing"), ("none", "None of these")],
        widget=Checkboxes(exclusive="none"),
    )
    cohort = forms.ChoiceField(label="Cohort", choices=[("", "Choose a cohort"), ("chc", "NHS continuing healthcare")])
    reasons = forms.CharField(label="Reasons", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.FileField(label="Evidence", required=False)
    password = forms.CharField(
        label="Password", required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    words = forms.CharField(label="Name or NHS number", required=False, widget=forms.SearchInput())
    is_agreed = forms.BooleanField(label="The person agrees to this referral")
    step: Any = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)
