"""The forms with which budgets are reviewed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms
from django.db.models import QuerySet

from budgets.models import OutcomeScale, Review
from budgets.rules.reviews import (
    QUESTIONS,
    Answer,
    ReviewKind,
    ReviewOutcome,
    ReviewReason,
    ReviewWay,
    TookPart,
)
from budgets.services.reviews import Findings, Rated, Seen
from phb_register.forms import TODAY, Actions, Checkboxes, NhsDateField, Radios, YesNoField
from phb_register.models import User

from .agreement import BudgetForm

EXAMPLE = "For example, 31 3 2026"
NOT_SAID = "not_said"
COMPLETE, SAVE = "complete", "save"
_FACTS = ("kind", "reason", "held_on", "held_by", "way", "took_part", "took_part_words")


def text_field(label: str, *, help_text: str = "", rows: int = 2, required: bool = False) -> forms.CharField:
    """A text of a few sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class _RatingFields:
    """Questions of outcome scales: nobody has to answer, and not wanting to say is an answer."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    scales: dict[str, OutcomeScale]

    def add_scales(self, scales: Iterable[OutcomeScale]) -> list[str]:
        """Ask each scale; gives the names of the fields."""
        self.scales = {f"scale_{scale.pk}": scale for scale in scales}
        for name, scale in self.scales.items():
            levels = [(str(place), words) for place, words in enumerate(scale.levels, start=1)]
            self.fields[name] = forms.ChoiceField(
                label=f"{scale.get_asked_of_display()}: {scale.question}",
                required=False,
                choices=[*levels, (NOT_SAID, "Prefers not to say")],
                widget=Radios(),
            )
        return list(self.scales)

    def ratings(self) -> list[Rated]:
        """What was answered; a question left out is none."""
        given = {name: self.cleaned_data.get(name) for name in self.scales}
        return [
            Rated(self.scales[name], None if value == NOT_SAID else int(value))
            for name, value in given.items()
            if value
        ]


class ReviewForm(_RatingFields, BudgetForm):
    """A review on one page: who and when, the four questions, the outcome scales, and what follows."""

    submit_text = "Complete the review"
    error_nouns: ClassVar[dict[str, str]] = {
        "kind": "which review it is",
        "reason": "why it is reviewed now",
        "held_on": "date of the review",
        "held_by": "who held it",
        "way": "how it was held",
        "took_part": "who took part",
        "outcomes": "what follows from the review",
        **{question.name: f"yes or no: {question.text[:1].lower()}{question.text[1:-1]}" for question in QUESTIONS},
    }
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {("kind", ReviewKind.UNSCHEDULED.value): ["reason"]}

    last_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    kind = forms.ChoiceField(label="Which review is it?", choices=ReviewKind.choices, widget=Radios())
    reason = forms.ChoiceField(label="Why is it reviewed now?", choices=ReviewReason.choices, widget=Radios())
    held_on = NhsDateField(label="When was it held?", latest=TODAY, help_text=EXAMPLE)
    held_by: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Who held it?", queryset=None, empty_label="Select somebody"
    )
    way = forms.ChoiceField(label="How was it held?", choices=ReviewWay.choices, widget=Radios(is_inline=True))
    took_part = forms.MultipleChoiceField(label="Who took part?", choices=TookPart.choices, widget=Checkboxes())
    took_part_words = forms.CharField(
        label="Their names, where they matter", required=False, max_length=300, help_text="Not the person’s own name."
    )
    notes = text_field("Anything else that matters", rows=4)
    outcomes = forms.MultipleChoiceField(
        label="What follows from the review?",
        # The one that excludes the others stands last, after "or".
        choices=[*ReviewOutcome.choices[1:], ReviewOutcome.choices[0]],
        widget=Checkboxes(exclusive=ReviewOutcome.CONTINUE.value),
    )

    def __init__(
        self, *args: Any, reviewers: QuerySet[User], scales: Sequence[OutcomeScale], is_correction: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_by"].queryset = reviewers  # type: ignore[attr-defined]
        asked = self._add_questions()
        scaled = self.add_scales(scales)
        for name in (*asked, *scaled):
            self.word_field(name, self.fields[name])
        self.helper.layout.fields = [
            "last_number",
            "revision",
            Fieldset("The review", *(name for name in _FACTS if name != "reason")),
            Fieldset("The four questions of every review", *asked),
            *([Fieldset("How things are now", *scaled)] if scaled else []),
            Fieldset("What follows", "outcomes", "notes"),
            Actions("Complete the correction" if is_correction else "Complete the review", name="do", value=COMPLETE),
            Actions("Save and finish later", name="do", value=SAVE, variant="secondary"),
        ]

    def _add_questions(self) -> list[str]:
        names = []
        for question in QUESTIONS:
            follows = f"{question.name}_follows"
            self.fields[question.name] = YesNoField(label=question.text)
            self.fields[follows] = text_field(
                "What follows from that?", help_text="Needed with “no”. With “yes”, only if there is something to say."
            )
            names += [question.name, follows]
        return names

    @staticmethod
    def initial_of(review: Review, ratings: Iterable[Any]) -> dict[str, Any]:
        """What a correction starts from: everything as it was."""
        names = [*_FACTS, "notes", "outcomes"]
        for question in QUESTIONS:
            names += [question.name, f"{question.name}_follows"]
        said = {f"scale_{each.scale_id}": str(each.level) if each.level else NOT_SAID for each in ratings}
        return {name: getattr(review, name) for name in names} | said

    def seen(self) -> Seen:
        """What stood there when the page was opened. What cannot be read counts as nothing seen."""

        def number(name: str) -> int:
            text = str(self.data.get(name) or "0")
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0

        return Seen(number("last_number"), number("revision"))

    def show_seen(self, seen: Seen) -> None:
        """Carry what stands there now, so that pressing the button again is knowing of it."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["last_number"], data["revision"] = str(seen.last_number), str(seen.revision)
        self.data = data

    def in_words(self, typed: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        """What was typed into this form, by the labels of its fields, for somebody else to read."""
        found = []
        for name, values in typed.items():
            field = self.fields.get(name) or self.fields.get(name.rpartition("_")[0])
            if field is None or not any(values):
                continue
            labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            found.append((str(field.label), ", ".join(labels.get(value, value) for value in values)))
        return found

    def findings(self) -> Findings:
        """What the review found, for the service."""
        given = self.cleaned_data
        answers = {
            question.name: Answer(given[question.name], given[f"{question.name}_follows"])
            for question in QUESTIONS
            if given[question.name] is not None
        }
        plain = {name: given[name] for name in (*_FACTS, "notes", "outcomes")}
        return Findings(answers=answers, ratings=self.ratings(), **plain)


class BaselineForm(_RatingFields, BudgetForm):
    """How things were before the budget."""

    submit_text = "Save the answers"
    error_nouns: ClassVar[dict[str, str]] = {"on": "date"}

    on = NhsDateField(label="When did they answer?", latest=TODAY, help_text=EXAMPLE)

    def __init__(self, *args: Any, scales: Sequence[OutcomeScale], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.add_scales(scales):
            self.word_field(name, self.fields[name])


class PlanReviewForm(BudgetForm):
    """The day the next review is planned for."""

    submit_text = "Save the day"
    error_nouns: ClassVar[dict[str, str]] = {"planned_for": "day it is planned for"}

    planned_for = NhsDateField(label="When is the review planned for?", help_text=EXAMPLE)


class AskForReviewForm(BudgetForm):
    """Why a budget should be reviewed before its time."""

    submit_text = "Ask for a review"
    error_nouns: ClassVar[dict[str, str]] = {"reason": "why it should be reviewed"}

    reason = forms.ChoiceField(label="Why should it be reviewed?", choices=ReviewReason.choices, widget=Radios())
    note = text_field("What happened?", rows=4, help_text="Whoever reviews the budget reads this.")


class SetAsideForm(BudgetForm):
    """Why no review is needed after all."""

    submit_text = "Set the request aside"

    reason = text_field("Why is no review needed?", rows=4, required=True)
