"""The forms with which a person is moved to another commissioner, or is confirmed to stay."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from eligibility.enums import ResponsibilityBasis, TransferReason
from phb_register.forms import NhsDateField, NhsForm, Radios
from phb_register.models import Commissioner

from .decisions import DatedForm, long_text

EXAMPLE = "For example, 31 3 2026"


class ProposeTransferForm(NhsForm):
    """Ask another commissioner to take responsibility for a person."""

    submit_text = "Ask the other commissioner"
    error_nouns: ClassVar[dict[str, str]] = {
        "to_commissioner": "the commissioner",
        "reason": "the reason",
        "basis": "the basis of responsibility",
        "effective_on": "date it takes effect",
    }

    def __init__(self, *args: Any, commissioners: Sequence[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commissioners = {each.code: each for each in commissioners}
        self.fields["to_commissioner"] = forms.ChoiceField(
            label="Which commissioner should be responsible?",
            choices=[("", "Select a commissioner"), *((each.code, each.name) for each in commissioners)],
        )
        self.fields["reason"] = forms.ChoiceField(label="Why?", choices=TransferReason.choices, widget=Radios)
        self.fields["basis"] = forms.ChoiceField(
            label="What makes it responsible?", choices=ResponsibilityBasis.choices, widget=Radios
        )
        self.fields["effective_on"] = NhsDateField(
            label="From when?",
            help_text=f"{EXAMPLE}. The other commissioner can accept from that day.",
            initial=self.today,
        )
        self.fields["note"] = long_text(
            "Note for the other commissioner",
            "",
            help_text="Say nothing about the person’s health here: it is read before the transfer is accepted.",
            required=False,
        )
        for name, field in self.fields.items():
            self.word_field(name, field)

    def clean_to_commissioner(self) -> Commissioner:
        """The commissioner itself."""
        return self.commissioners[self.cleaned_data["to_commissioner"]]


class _AnswerForm(DatedForm):
    """An answer, which for a commissioner that does not use this register is recorded in its stead."""

    def add_answered_for(self) -> None:
        """Ask who answered there."""
        self.fields["answered_for"] = forms.CharField(
            label="Who answered there, and how?",
            help_text="For example, the PHB lead, by letter of 3 March.",
            max_length=200,
            error_messages={"required": "Enter who answered, and how"},
        )
        self.word_field("answered_for", self.fields["answered_for"])


class AcceptTransferForm(_AnswerForm):
    """Accept a transfer."""

    submit_text = "Accept the transfer"

    def __init__(self, *args: Any, is_for_another: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_for_another:
            self.add_answered_for()
        self.fields["note"] = long_text("Note", "", required=False)
        self.word_field("note", self.fields["note"])
        self.add_day("When was it accepted?")


class RefuseTransferForm(_AnswerForm):
    """Refuse a transfer."""

    submit_text = "Refuse the transfer"

    def __init__(self, *args: Any, is_for_another: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_for_another:
            self.add_answered_for()
        self.fields["note"] = long_text("Why is it refused?", "Enter why it is refused")
        self.word_field("note", self.fields["note"])
        self.add_day("When was it refused?")


class CancelTransferForm(DatedForm):
    """Take back a transfer that was not answered yet."""

    submit_text = "Cancel the transfer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"] = long_text("Why is it cancelled?", "Enter why it is cancelled")
        self.word_field("note", self.fields["note"])
        self.add_day("When was it cancelled?")


class ConfirmResponsibleForm(NhsForm):
    """The same commissioner is still responsible."""

    submit_text = "Confirm"
    error_nouns: ClassVar[dict[str, str]] = {"basis": "the basis of responsibility"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"] = forms.ChoiceField(
            label="What makes your commissioner responsible?", choices=ResponsibilityBasis.choices, widget=Radios
        )
        self.fields["note"] = long_text("Note", "", required=False)
        for name, field in self.fields.items():
            self.word_field(name, field)
