"""The form of what a commissioner or partnership decides for itself about the money."""

from typing import Any, ClassVar

from django import forms

from budgets.models import BudgetSettings
from phb_register.forms import MoneyField, NhsDateField, NhsModelForm, PercentField


def _narrow() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "nhsuk-input--width-3", "inputmode": "numeric"})


class BudgetSettingsForm(NhsModelForm):
    """Every setting there is: a setting that is added to the model is asked for here by itself."""

    submit_text = "Save settings"

    class Meta:
        model = BudgetSettings
        exclude = ("commissioner",)

    #: Kinds of fields that a model's own form field does not speak as these pages do.
    asked_as: ClassVar[dict[str, type[forms.Field]]] = {
        "delegated_limit": MoneyField,
        "difference_margin_percent": PercentField,
        "one_off_limit_amount": MoneyField,
        "receipts_over_amount": MoneyField,
        "recovery_approval_amount": MoneyField,
        "reviews_recorded_from": NhsDateField,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            kind = self.asked_as.get(name)
            if kind is not None:
                plain: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": field.required}
                self.fields[name] = kind(**plain, initial=field.initial)
                self.word_field(name, self.fields[name])
            elif isinstance(field, forms.IntegerField | forms.DecimalField):
                field.widget = _narrow()
