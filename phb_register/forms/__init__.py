"""Forms of the register: the NHS form base, and the fields that every room asks with.

How to write a form: docs/design-system.md.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from phb_register.nhsuk.fields import TODAY, MoneyField, NhsDateField, PercentField, YesNoField
from phb_register.nhsuk.forms import NhsForm, NhsFormMixin, NhsModelForm
from phb_register.nhsuk.layout import Actions
from phb_register.nhsuk.widgets import AffixedInput, Checkboxes, DateBoxes, Radios
from phb_register.rules import nhs_number_digits, nhs_number_fault, nhs_number_in_groups

__all__ = [
    "TODAY",
    "Actions",
    "AffixedInput",
    "Checkboxes",
    "ConfirmForm",
    "DateBoxes",
    "MoneyField",
    "NhsDateField",
    "NhsForm",
    "NhsFormMixin",
    "NhsModelForm",
    "NhsNumberField",
    "PercentField",
    "Radios",
    "YesNoField",
]


class ConfirmForm(NhsForm):
    """A confirm page without a question: `button` says what it does."""

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)


class NhsNumberField(forms.CharField):
    """An NHS number. Takes spaces and dashes, cleans to ten digits, shows them in groups of 3, 3 and 4."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "NHS number")
        kwargs.setdefault("help_text", "10 numbers, like 999 000 0018")
        attrs = {
            "class": "nhsuk-input--width-10 nhsuk-input--code",
            "inputmode": "numeric",
            "spellcheck": "false",
        }
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """What was typed, without what people put between the numbers."""
        return nhs_number_digits(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Raise ``ValidationError`` for anything but a real NHS number."""
        super().validate(value)
        fault = nhs_number_fault(value) if value else None
        if fault:
            raise ValidationError(fault, code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """The number in its groups; what is not ten digits yet, as it was typed."""
        digits = nhs_number_digits(str(value or ""))
        return nhs_number_in_groups(digits) if len(digits) == 10 and digits.isdecimal() else value
