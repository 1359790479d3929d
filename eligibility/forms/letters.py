"""The forms with which letters and their templates are written, and letters recorded as sent."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from eligibility.enums import SendingMethod
from eligibility.rules.letter_kinds import LetterSlot
from phb_register.forms import TODAY, Actions, NhsDateField, NhsForm, Radios
from phb_register.presenters import spoken_date

LONGEST_TEXT = 20_000
_MARKS = "Write ## before a heading, - before each point of a list, and **two stars** around bold words."
# What the boxes of the slots that are asked are called.
_ASKED: Mapping[str, tuple[str, str]] = {
    "refused_part": ("What is refused", ""),
    "reasons": ("Reasons", "As the reader should read them."),
    "reconsideration_route": ("How to have the decision looked at again", ""),
    "information_needed": ("Information needed", "One thing a line."),
    "reconsideration_outcome": ("Outcome of the reconsideration", ""),
    "reply_by": ("Reply by", "For example, 4 12 2026"),
}


class KindForm(NhsForm):
    """Which letter to write."""

    submit_text = "Continue"
    form_method = "get"
    page_heading = None
    error_nouns = {"kind": "the letter"}

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label="Which letter?", choices=kinds, widget=Radios, initial=kinds[0][0] if kinds else None
        )
        self.word_field("kind", self.fields["kind"])


class LetterForm(NhsForm):
    """A letter: to whom, what is particular to it, and its words."""

    submit_text = None
    mark_optional = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    template = forms.IntegerField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label="Name and address",
        help_text="The first line is how the letter greets its reader.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter the name and address the letter goes to"},
    )
    heading = forms.CharField(label="Heading", max_length=160)
    body = forms.CharField(
        label="Text",
        help_text=f"Change this letter’s words as you need. {_MARKS}",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 25}),
    )

    def __init__(self, *args: Any, asked: Sequence[LetterSlot], is_replacement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [slot.code for slot in asked]
        if isinstance(self.initial.get("reply_by"), str):
            self.initial["reply_by"] = _day(self.initial["reply_by"])
        for slot in asked:
            self.fields[slot.code] = _asked_field(slot)
            self.word_field(slot.code, self.fields[slot.code])
        if is_replacement:
            self.fields["replacement_reason"] = forms.CharField(
                label="Why is the letter replaced?",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": "Enter why the letter is replaced"},
            )
            self.word_field("replacement_reason", self.fields["replacement_reason"])
        first = ["replacement_reason"] if is_replacement else []
        self.order_fields([*first, "address", *self.asked, "heading", "body"])

    def layout_parts(self) -> list[Any]:
        """The fields, then two buttons: one saves, one only shows."""
        return [
            *super().layout_parts(),
            Actions("Save letter", name="save", value="1"),
            Actions("Preview without saving", name="preview", value="1", variant="secondary"),
        ]

    def asked_values(self) -> dict[str, str]:
        """What was written for the slots that are asked, as text."""
        return {code: _text(self.cleaned_data.get(code)) for code in self.asked}


class TemplateForm(NhsForm):
    """The wording of one kind of letter. ``version`` is the one its writer opened."""

    submit_text = None
    mark_optional = False

    heading = forms.CharField(label="Heading", max_length=160)
    body = forms.CharField(
        label="Text", help_text=_MARKS, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 25})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def layout_parts(self) -> list[Any]:
        """The fields, then two buttons: one saves, one only shows."""
        return [
            *super().layout_parts(),
            Actions("Save template", name="save", value="1"),
            Actions("Preview without saving", name="preview", value="1", variant="secondary"),
        ]


class SentForm(NhsForm):
    """That a letter was sent."""

    submit_text = "Record as sent"
    error_nouns = {"how": "how it was sent", "sent_on": "date it was sent"}

    how = forms.ChoiceField(label="How was it sent?", choices=SendingMethod.choices, widget=Radios)
    sent_on = NhsDateField(label="When was it sent?", latest=TODAY, help_text="For example, 20 11 2026")


def _asked_field(slot: LetterSlot) -> forms.Field:
    label, hint = _ASKED[slot.code]
    if slot.code == "reply_by":
        return NhsDateField(label=label, help_text=hint, required=False)
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


def _day(words: str) -> dt.date | None:
    """The day that a replaced letter said in words."""
    try:
        return dt.datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


def _text(value: Any) -> str:
    return spoken_date(value) if isinstance(value, dt.date) else value or ""
