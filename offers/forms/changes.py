"""What an edition's author says of changes and progress, and the choice of two editions to compare."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from offers.selectors.changes import Explained
from offers.selectors.since import ExplainedChange
from phb_register.forms import Actions, NhsForm


class ExplanationForm(NhsForm):
    """Why something changed, or how far a promise has got. `version` and `fingerprint` are what its writer opened."""

    submit_text = None
    mark_optional = False
    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    fingerprint = forms.RegexField(r"^([0-9a-f]{64})?$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str, is_required: bool, **kwargs: Any) -> None:
        self.error_nouns = {"words": "the reason"}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label, field.required = label, is_required
        self.word_field("words", field)

    def layout_parts(self) -> list[Any]:
        """The fields, and two buttons: the second goes on to what comes next."""
        return [
            *super().layout_parts(),
            Actions("Save and go to the next", name="next", value="1"),
            Actions("Save and go back to the list", name="list", value="1", variant="secondary"),
        ]


class LearningForm(NhsForm):
    """What was learnt since the edition before. `seen` is what stood there when its writer opened it."""

    submit_text = "Save"
    words = forms.CharField(
        label="What was learnt",
        required=False,
        max_length=8000,
        help_text="Write ### before a heading, - before each point of a list, and **two stars** around bold words.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    mark_optional = False


class ComparisonForm(NhsForm):
    """Which two editions are compared."""

    form_method = "get"
    submit_text = "Compare them"
    error_nouns = {"was": "the earlier edition", "now": "the later edition"}
    was = forms.TypedChoiceField(label="Earlier edition", coerce=int)
    now = forms.TypedChoiceField(label="Later edition", coerce=int)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, f"Edition {number}") for number in numbers]
        for name in ("was", "now"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two editions, not one twice."""
        cleaned = super().clean() or {}
        if cleaned.get("was") is not None and cleaned.get("was") == cleaned.get("now"):
            self.add_error("now", "Select another edition than the earlier one")
        return cleaned


def explanation_form(each: Explained, data: Mapping[str, Any] | None) -> ExplanationForm:
    """The form of what is said of a change or a promise, with what is said already."""
    given = each.explanation
    initial = {
        "words": given.words if given else "",
        "version": given.version if given else 0,
        "fingerprint": each.change.fingerprint if isinstance(each, ExplainedChange) else "",
    }
    is_required = isinstance(each, ExplainedChange) and each.change.needs_reason
    return ExplanationForm(data, initial=initial, label=_label(each), is_required=is_required)


def _label(each: Explained) -> str:
    """What is asked about a change or a promise."""
    return "Why has it changed?" if isinstance(each, ExplainedChange) else "What do you want to say about it?"
