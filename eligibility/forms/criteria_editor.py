"""The forms with which criteria are written: a condition, a part, a reading, or all of it as text."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from eligibility.rules import RulesRefused
from eligibility.rules.content_checks import read_content_text
from eligibility.rules.fact_types import AnswerType, Fact
from eligibility.rules.facts import AGE
from phb_register.forms import Checkboxes, NhsForm, Radios

LONGEST_TITLE = 120
LONGEST_TEXT = 100_000
_YES, _NO = "yes", "no"


class EditorForm(NhsForm):
    """A form that knows which revision of the draft it was opened on."""

    submit_text = "Save"

    data: Any
    revision = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open this page again"})

    def reopen(self, revision: int) -> None:
        """Keep what was typed, to be saved over ``revision`` once its author has seen that."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)


class ConditionForm(EditorForm):
    """Compare a fact, in the way that its kind of answer allows."""

    error_nouns = {"answer": "the answer that meets the condition", "comparison": "how to compare"}

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        self.fact = fact
        super().__init__(*args, **kwargs)
        for name, field in self._fields():
            self.fields[name] = field
            self.word_field(name, field)

    def _fields(self) -> list[tuple[str, forms.Field]]:
        if self.fact.answer_type is AnswerType.YES_NO:
            choices = [(_YES, "Yes"), (_NO, "No")]
            return [("answer", forms.ChoiceField(label="Met by the answer", choices=choices, widget=Radios))]
        if self.fact.answer_type is AnswerType.CHOICE:
            listed = [(choice.value, choice.label) for choice in self.fact.choices if not choice.is_unknown]
            answers = forms.MultipleChoiceField(
                label="Met by any of these answers",
                choices=listed,
                widget=Checkboxes,
                error_messages={"required": "Select at least one answer that meets the condition"},
            )
            return [("answers", answers)]
        return [("comparison", self._comparison()), ("number", self._number())]

    def _comparison(self) -> forms.Field:
        is_age = self.fact.code == AGE
        words = ("This age or over", "Under this age", "Exactly this age")
        others = ("This number or more", "Fewer than this number", "Exactly this number")
        choices = list(zip(("at_least", "under", "equals"), words if is_age else others, strict=True))
        return forms.ChoiceField(label="Compare", choices=choices, widget=Radios)

    def _number(self) -> forms.Field:
        label = "Age in years" if self.fact.code == AGE else "Number"
        return forms.IntegerField(
            label=label,
            min_value=self.fact.lowest,
            max_value=self.fact.highest,
            widget=forms.TextInput(attrs={"class": "nhsuk-input--width-3", "inputmode": "numeric"}),
            error_messages={"invalid": f"{label} must be a whole number"},
        )

    def criterion(self) -> dict[str, Any]:
        """The condition as data."""
        cleaned = self.cleaned_data
        if "answer" in cleaned:
            return {"fact": self.fact.code, "equals": cleaned["answer"] == _YES}
        if "answers" in cleaned:
            answers = cleaned["answers"]
            return {"fact": self.fact.code, **({"equals": answers[0]} if len(answers) == 1 else {"in": answers})}
        return {"fact": self.fact.code, cleaned["comparison"]: cleaned["number"]}

    @staticmethod
    def initial_of(fact: Fact, node: Any) -> dict[str, Any]:
        """What the form shows of a condition that stands already; nothing of another fact's or of no condition."""
        if not isinstance(node, Mapping) or node.get("fact") != fact.code:
            return {}
        for operator in ("at_least", "under", "equals"):
            value = node.get(operator)
            if isinstance(value, bool):
                return {"answer": _YES if value else _NO}
            if isinstance(value, int):
                return {"comparison": operator, "number": value}
            if value is not None:
                return {"answers": [value]}
        return {"answers": node["in"]} if isinstance(node.get("in"), list) else {}


class TitleForm(EditorForm):
    """Name something."""

    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)


class PartForm(TitleForm):
    """Make a part of what stands at a place."""

    submit_text = "Make the part"

    def __init__(self, *args: Any, others: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "title"
        ].help_text = "A few words that say what it means, for example: learning disability or autism"
        if others:
            places = "the other place" if others == 1 else f"the {others} other places"
            self.fields["everywhere"] = forms.BooleanField(
                label=f"Use it in {places} that say the same too", required=False, initial=True
            )
            self.word_field("everywhere", self.fields["everywhere"])


class UsePartForm(EditorForm):
    """Name a part."""

    submit_text = "Use this part"

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"] = forms.ChoiceField(label="Part", choices=parts, widget=Radios)
        self.word_field("part", self.fields["part"])


class ReadingForm(TitleForm):
    """Add a reading that starts like another."""

    submit_text = "Add the reading"

    def __init__(self, *args: Any, readings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = "How the wording is taken in this reading, for example: both consultants"
        self.fields["like"] = forms.ChoiceField(
            label="Start as a copy of", choices=readings, widget=Radios, initial=readings[0][0]
        )
        self.word_field("like", self.fields["like"])


class ChooseReadingForm(EditorForm):
    """Choose the reading that answers rest on, and say why."""

    submit_text = "Save the choice"
    error_nouns = {"reading": "the reading that answers rest on"}

    def __init__(self, *args: Any, readings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading"] = forms.ChoiceField(
            label="Which reading do answers rest on?", choices=readings, widget=Radios
        )
        self.fields["note"] = forms.CharField(
            label="Why this reading?",
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": "Enter why this reading is the one to use"},
        )
        for name in ("reading", "note"):
            self.word_field(name, self.fields[name])


class ContentTextForm(EditorForm):
    """A version's whole content as text."""

    text = forms.CharField(
        label="Criteria as text",
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "app-code", "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        """Refuse what cannot be read, with the line of each fault. What is only unfinished may be saved."""
        text: str = self.cleaned_data["text"]
        try:
            self.content = dict(read_content_text(text))
        except RulesRefused as refused:
            raise forms.ValidationError(
                [f"Line {problem.line}: {_place(problem.path)}{problem.message}" for problem in refused.problems]
            ) from refused
        return text


def _place(path: str) -> str:
    return f"{path}: " if path else ""
