"""The form for how a commissioner counts."""

from typing import Any, ClassVar

from django import forms

from phb_register.forms import NhsDateField, NhsForm, Radios
from reporting.rules.counting import SWITCHES, CountingPolicy


class CountingPolicyForm(NhsForm):
    """The position of every switch, from a date on."""

    submit_text = "Save how it is counted"
    error_nouns: ClassVar[dict[str, str]] = {
        "applies_from": "the date it applies from",
        **{each.field: f"how to count: {each.label.lower()}" for each in SWITCHES},
    }

    applies_from = NhsDateField(label="Applies from", help_text="For example, 1 4 2017")
    source = forms.CharField(
        label="Source", max_length=300, help_text="Where this way of counting is set out, with its paragraph"
    )

    def __init__(self, data: Any = None, *args: Any, policy: CountingPolicy, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for each in SWITCHES:
            self.fields[each.field] = forms.ChoiceField(
                label=f"{each.label} ({each.letter})",
                choices=[(str(position), words) for position, words in each.positions],
                initial=str(getattr(policy, each.field)),
                widget=Radios(),
            )
        self.order_fields(["applies_from", *(each.field for each in SWITCHES), "source"])
        # The layout lists the fields there were when it was made.
        self.__dict__.pop("helper", None)

    def policy(self) -> CountingPolicy:
        """The switches as chosen."""
        chosen = {}
        for each in SWITCHES:
            positions = {str(position): position for position, _ in each.positions}
            chosen[each.field] = positions[self.cleaned_data[each.field]]
        return CountingPolicy(**chosen)  # type: ignore[arg-type]
