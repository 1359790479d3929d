"""One worked case as a form, made of the vocabulary of facts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField

from eligibility.rules import FACTS, AnswerType, DirectPayment, Fact, Outcome, WarningKind
from phb_register.forms import Checkboxes, NhsDateField, NhsForm
from phb_register.models import Commissioner

from .rule_sets import RevisionForm

_FACT = "fact_"
_NOT_KNOWN = ("", "Not known yet")
_NONE = "none"


def _words(value: str) -> str:
    return value.replace("_", " ").capitalize()


class CaseForm(RevisionForm):
    """A worked case: who, on which day, what is known of them, and what the answer must be."""

    submit_text = None
    label_size = "s"
    mark_optional = False
    error_nouns = {"id": "a name for the case", "outcome": "what the answer must be"}

    id = forms.CharField(
        label="Name of the case",
        max_length=80,
        help_text="A few words that tell it from the others, for example child-two-domains",
    )
    commissioner: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Commissioner", queryset=None, empty_label="Select a commissioner", to_field_name="code"
    )
    assessed_on = NhsDateField(label="Day of the screening", help_text="For example, 1 4 2027")
    outcome = forms.ChoiceField(
        label="What must the answer be?",
        choices=[("", "Select an answer"), *((each.value, each.words.capitalize()) for each in Outcome)],
    )
    direct_payment = forms.ChoiceField(
        label="Direct payment",
        required=False,
        choices=[("", "Not checked"), *((each.value, _words(each.value)) for each in DirectPayment)],
    )
    offered_from = NhsDateField(
        label="Offered from", required=False, help_text="Leave it empty if the case does not check it."
    )
    missing = forms.CharField(
        label="Facts that must be missing",
        required=False,
        max_length=1000,
        help_text="Their codes with commas between, or the word none. Leave it empty if the case does not check it.",
    )
    warns = forms.MultipleChoiceField(
        label="Warnings that must be among those given",
        required=False,
        choices=[(each.value, _words(each.value)) for each in WarningKind],
        widget=Checkboxes,
    )
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the case shows",
    )

    def __init__(self, *args: Any, commissioners: QuerySet[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].queryset = commissioners  # type: ignore[attr-defined]
        for code, fact in FACTS.items():
            self.fields[_FACT + code] = _FIELDS[fact.answer_type](fact)
            self.word_field(_FACT + code, self.fields[_FACT + code])

    @property
    def about(self) -> list[BoundField]:
        """The fields that say who and when."""
        return [self[name] for name in ("revision", "id", "commissioner", "assessed_on")]

    @property
    def facts(self) -> list[BoundField]:
        """The fields of the vocabulary, in its order."""
        return [self[_FACT + code] for code in FACTS]

    @property
    def expected(self) -> list[BoundField]:
        """The fields that say what the answer must be."""
        return [self[name] for name in ("outcome", "direct_payment", "offered_from", "missing", "warns", "why")]

    def case(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """The case as a version keeps it. ``before`` is the one that it replaces: what the form does not ask stays."""
        cleaned = self.cleaned_data
        known = {code: _value(cleaned[_FACT + code]) for code in FACTS}
        return {
            "id": cleaned["id"],
            "commissioner": cleaned["commissioner"].code,
            "assessed_on": cleaned["assessed_on"].isoformat(),
            "facts": {code: value for code, value in known.items() if value is not None},
            "expect": self._expect(before["expect"] if before else {}),
            "why": cleaned["why"],
        }

    def _expect(self, before: Mapping[str, Any]) -> dict[str, Any]:
        cleaned = self.cleaned_data
        expect: dict[str, Any] = {"outcome": cleaned["outcome"]}
        if cleaned["direct_payment"]:
            expect["direct_payment"] = cleaned["direct_payment"]
        if cleaned["offered_from"]:
            expect["offered_from"] = cleaned["offered_from"].isoformat()
        elif "offered_from" in before and before["offered_from"] is None:
            expect["offered_from"] = None
        if cleaned["missing"]:
            codes = [code.strip() for code in cleaned["missing"].split(",") if code.strip()]
            expect["missing"] = [] if codes == [_NONE] else codes
        if cleaned["warns"]:
            expect["warns"] = cleaned["warns"]
        return expect


def case_initial(case: Mapping[str, Any]) -> dict[str, Any]:
    """A kept case as the form shows it."""
    expect = case["expect"]
    missing = expect.get("missing")
    warns = expect.get("warns") or []
    shown = {
        "id": case["id"],
        "commissioner": case["commissioner"],
        "assessed_on": _day(case["assessed_on"]),
        "outcome": expect.get("outcome") or "",
        "direct_payment": expect.get("direct_payment") or "",
        "offered_from": _day(expect.get("offered_from")),
        "missing": "" if missing is None else ", ".join([missing] if isinstance(missing, str) else missing) or _NONE,
        "warns": [warns] if isinstance(warns, str) else warns,
        "why": case.get("why") or "",
    }
    return shown | {_FACT + code: _shown(FACTS[code], value) for code, value in case["facts"].items() if code in FACTS}


def _day(value: Any) -> Any:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _shown(fact: Fact, value: Any) -> Any:
    if fact.answer_type is AnswerType.YES_NO and value is not None:
        return "yes" if value else "no"
    return _day(value) if fact.answer_type is AnswerType.DATE else value


def _value(cleaned: Any) -> Any:
    if cleaned in ("", None):
        return None
    if cleaned in ("yes", "no"):
        return cleaned == "yes"
    return cleaned.isoformat() if hasattr(cleaned, "isoformat") else cleaned


def _choices(fact: Fact) -> forms.Field:
    choices = [(choice.value, choice.label) for choice in fact.choices]
    return forms.ChoiceField(label=fact.label, required=False, choices=[_NOT_KNOWN, *choices])


_FIELDS = {
    AnswerType.YES_NO: lambda fact: forms.ChoiceField(
        label=fact.label, required=False, choices=[_NOT_KNOWN, ("yes", "Yes"), ("no", "No")]
    ),
    AnswerType.CHOICE: _choices,
    AnswerType.WHOLE_NUMBER: lambda fact: forms.IntegerField(
        label=fact.label,
        required=False,
        min_value=fact.lowest,
        max_value=fact.highest,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
    ),
    AnswerType.DATE: lambda fact: NhsDateField(label=fact.label, required=False),
}


class RemoveCaseForm(NhsForm):
    """The page that asks before a case is taken out."""

    submit_text = "Remove the case"
    revision = forms.IntegerField(widget=forms.HiddenInput)
