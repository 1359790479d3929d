"""Forms about two records of one person."""

from collections.abc import Sequence
from typing import Any

from django import forms

from phb_register.forms import NhsForm, Radios
from phb_register.models import Person

APPROVE = "approve"
LEAVE = "leave"


class OtherRecordForm(NhsForm):
    """Which other record is of the same person: one of those that are alike, or found by name or NHS number."""

    submit_text = "Continue"
    mark_optional = False

    words = forms.CharField(
        label="Look for another record by name or NHS number",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.reference): person for person in people}
        if self.people:
            self.fields["other"] = forms.ChoiceField(
                label="Which record is of the same person?",
                choices=[(reference, person.display_line) for reference, person in self.people.items()],
                widget=Radios,
                required=False,
            )
            self.word_field("other", self.fields["other"])
            self.order_fields(["other", "words"])

    @property
    def chosen(self) -> Person | None:
        """The record chosen, if one was."""
        return self.people.get(self.cleaned_data.get("other", ""))


class ProposeMergeForm(NhsForm):
    """Which of two records is kept, and why they are of one person."""

    submit_text = "Propose the merge"
    error_nouns = {"keep": "the record to keep"}

    keep = forms.ChoiceField(
        label="Which record is kept?",
        help_text="Everything that hangs on the other moves to it. The other stays, and leads to it.",
        widget=Radios,
    )
    reason = forms.CharField(
        label="How do you know that they are one person?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter how you know that they are one person"},
    )

    def __init__(self, *args: Any, people: tuple[Person, Person], has_two_numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        keep: Any = self.fields["keep"]
        keep.choices = [(str(person.reference), person.display_line) for person in people]
        if has_two_numbers:
            self.fields["has_two_numbers_confirmed"] = forms.BooleanField(
                label="I have checked both NHS numbers, and both are of this person",
                error_messages={"required": "Confirm that you have checked both NHS numbers"},
            )
            self.word_field("has_two_numbers_confirmed", self.fields["has_two_numbers_confirmed"])

    def proposal(self) -> dict[str, Any]:
        """What is proposed, as the service takes it."""
        first, second = self.people
        keeps_first = self.cleaned_data["keep"] == str(first.reference)
        return {
            "kept": first if keeps_first else second,
            "merged": second if keeps_first else first,
            "reason": self.cleaned_data["reason"],
            "has_two_numbers_confirmed": self.cleaned_data.get("has_two_numbers_confirmed", False),
        }


class ReviewMergeForm(NhsForm):
    """What the second pair of eyes found: of a merge, or of its reversal."""

    submit_text = "Save the review"
    error_nouns = {"answer": "your answer"}

    answer = forms.ChoiceField(label="What did you find?", widget=Radios)
    note = forms.CharField(
        label="Note",
        help_text="Needed if nothing is to change.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, is_reversal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        answer.choices = (
            [(APPROVE, "They are two people: reverse the merge"), (LEAVE, "They are one person: keep the merge")]
            if is_reversal
            else [(APPROVE, "They are one person: merge the records"), (LEAVE, "Do not merge the records")]
        )

    @property
    def is_approved(self) -> bool:
        """Whether what was asked for is to be done."""
        return bool(self.cleaned_data["answer"] == APPROVE)


class ReversalForm(NhsForm):
    """Why a merge is to be reversed."""

    submit_text = "Ask for the reversal"

    reason = forms.CharField(
        label="How do you know that they are two people?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter how you know that they are two people"},
    )
