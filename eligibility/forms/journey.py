"""The forms of the referral journey, in the order of its pages."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from eligibility.rules.fact_types import AnswerType, Fact, FactValue
from eligibility.rules.facts import OLDEST_AGE
from phb_register.forms import NhsDateField, NhsForm, NhsNumberField, Radios, YesNoField
from phb_register.models import Commissioner, CommunicationFormat, NhsNumberMissingReason, Person, Sex
from phb_register.rules import age_on, normal_postcode

NOBODY = "nobody"
NOT_KNOWN = "unknown"
# Longer lists of answers become a select: sixteen radio buttons are a page of their own.
LONGEST_RADIOS = 8


class FindByNumberForm(NhsForm):
    """Whom is the referral for, by NHS number."""

    submit_text = "Continue"
    page_heading = "nhs_number"

    error_nouns = {"nhs_number": "NHS number"}

    nhs_number = NhsNumberField(
        label="What is the person’s NHS number?", error_messages={"required": "Enter the NHS number"}
    )

    def details(self) -> dict[str, str]:
        """What was typed, as a draft keeps it."""
        return dict(self.cleaned_data)


class _BornOnForm(NhsForm):
    """A form that asks for a date of birth."""

    def clean_born_on(self) -> dt.date:
        """A day on which somebody alive today may have been born."""
        born_on: dt.date = self.cleaned_data["born_on"]
        if self.today is not None and age_on(born_on, self.today) > OLDEST_AGE:
            raise ValidationError(f"Date of birth must be in the last {OLDEST_AGE} years")
        return born_on

    def details(self) -> dict[str, str]:
        """What was typed, as a draft keeps it."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.cleaned_data.items()
        }


class FindByNameForm(_BornOnForm):
    """Whom is the referral for, where the NHS number is not known."""

    submit_text = "Continue"
    error_nouns = {"nhs_number_missing_reason": "why the NHS number is not known"}

    nhs_number_missing_reason = forms.ChoiceField(
        label="Why is the NHS number not known?", choices=NhsNumberMissingReason.choices, widget=Radios
    )
    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    born_on = NhsDateField(label="Date of birth", help_text="For example, 31 3 1980", latest="today")


class ConfirmPersonForm(NhsForm):
    """Is it the person found? By NHS number there is one, and the button says yes; by name there may be several."""

    submit_text = "Yes, this is the person"

    def __init__(self, *args: Any, people: Sequence[Person], is_by_number: bool, **kwargs: Any) -> None:
        self.people = {str(person.reference): person for person in people}
        super().__init__(*args, **kwargs)
        choices = [(reference, person.display_line) for reference, person in self.people.items()]
        if is_by_number:
            self.fields["person"] = forms.ChoiceField(choices=choices, widget=forms.HiddenInput, initial=choices[0][0])
        else:
            self.submit_text = "Continue"  # type: ignore[misc]
            self.fields["person"] = forms.ChoiceField(
                label="Is it one of these people?",
                choices=[*choices, (NOBODY, "None of these: it is somebody else")],
                widget=Radios,
                error_messages={"required": "Select the person, or “None of these”"},
            )
        self.word_field("person", self.fields["person"])
        # Who was on the page that is answered: "none of these" is said of those and of nobody who came since.
        shown = " ".join(sorted(self.people))
        self.fields["shown"] = forms.CharField(widget=forms.HiddenInput, initial=shown, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse "none of these" of people whom the user has not seen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        shown = cleaned.get("shown")
        if cleaned.get("person") == NOBODY and shown and not set(self.people) <= set(shown.split()):
            data: Any = self.data
            self.data = {**data.dict(), "shown": self.fields["shown"].initial}
            self.add_error("person", "More people are found by now. Look at them, and select again")
        return cleaned

    @property
    def chosen(self) -> Person | None:
        """The person chosen; None for somebody else."""
        return self.people.get(self.cleaned_data["person"])


class PersonDetailsForm(_BornOnForm):
    """A person who is not on the register yet. A name and date of birth that were looked for are not asked again."""

    submit_text = "Continue"

    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    born_on = NhsDateField(label="Date of birth", help_text="For example, 31 3 1980", latest="today")
    sex = forms.ChoiceField(label="Sex", choices=Sex.choices, widget=Radios)
    postcode = forms.CharField(
        label="Postcode",
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-5", "autocomplete": "off"}),
    )
    communication_format = forms.ChoiceField(
        label="In which format does the person need letters?",
        choices=CommunicationFormat.choices,
        initial=CommunicationFormat.STANDARD,
        error_messages={"required": "Select the format the person needs letters in"},
    )

    def __init__(self, *args: Any, is_named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_named:
            for name in ("given_name", "family_name", "born_on"):
                del self.fields[name]

    def clean_postcode(self) -> str:
        """A postcode in its usual form."""
        typed: str = self.cleaned_data["postcode"]
        postcode = normal_postcode(typed) if typed else ""
        if postcode is None:
            raise ValidationError("Enter a full UK postcode, like LE1 6TF")
        return postcode


class ReceivedForm(NhsForm):
    """When the referral was received; by which commissioner is asked only where there is a choice."""

    submit_text = "Continue"

    received_on = NhsDateField(
        label="When was the referral received?",
        help_text="Today, or a day in the past if you are entering it later. For example, 31 3 2026",
        latest="today",
        error_messages={"required": "Enter the date the referral was received"},
    )
    error_nouns = {"received_on": "date the referral was received"}

    def __init__(self, *args: Any, commissioners: Sequence[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commissioners = {body.code: body for body in commissioners}
        if len(commissioners) > 1:
            self.fields["commissioner"] = forms.ChoiceField(
                label="Which commissioner is responsible for the person?",
                help_text="The commissioner of the person’s GP practice on the day the referral was received.",
                choices=[(body.code, body.name) for body in commissioners],
                widget=Radios,
                error_messages={"required": "Select the responsible commissioner"},
            )
            self.word_field("commissioner", self.fields["commissioner"])

    @property
    def chosen(self) -> Commissioner | None:
        """The commissioner chosen; None where it was not asked."""
        return self.commissioners.get(self.cleaned_data.get("commissioner", ""))


class QuestionsForm(NhsForm):
    """The questions of one page, made from the declared facts. Every one may be answered "not known yet".

    Where ``may_be_left``, a question left alone counts as not known yet. ``before`` are facts known earlier, by
    ``before_words``: they are filled in, and the user confirms them by going on. With ``so_far_url`` the answer so far
    is asked for whenever an answer is picked, where the browser runs scripts.
    """

    submit_text = "Continue"
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Fact],
        answers: Mapping[str, Any],
        may_be_left: bool = False,
        before: Mapping[str, Any] | None = None,
        before_words: str = "",
        so_far_url: str = "",
        **kwargs: Any,
    ) -> None:
        self.questions = {fact.code: fact for fact in questions}
        known = {**(before or {}), **answers}
        kwargs.setdefault("initial", {code: _shown(known[code]) for code in self.questions if code in known})
        if len(self.questions) == 1:
            self.page_heading = next(iter(self.questions))  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        for code, fact in self.questions.items():
            self.fields[code] = _FIELDS[fact.answer_type](fact)
            if may_be_left:
                self.fields[code].required = False
            if before and code in before and code not in answers:
                self.fields[code].help_text = f"{self.fields[code].help_text} {before_words}".strip()
            self.word_field(code, self.fields[code])
        if so_far_url:
            on_picking = {
                "hx-post": so_far_url,
                "hx-trigger": "change",
                "hx-target": "#so-far",
                "hx-sync": "this:replace",
            }
            self.helper.attrs |= on_picking

    def answers(self) -> dict[str, FactValue | None]:
        """What was answered, as a draft keeps it; None where it is not known yet."""
        values = {code: self.cleaned_data[code] for code in self.questions}
        return {code: None if value in (NOT_KNOWN, "") else value for code, value in values.items()}

    def picked(self) -> dict[str, FactValue | None]:
        """The answers picked so far on a page that is not sent yet; what does not fit is left out."""
        self.full_clean()
        found = {code for code in self.questions if self.data.get(code) and code in self.cleaned_data}
        values = {code: self.cleaned_data[code] for code in self.questions if code in found}
        return {code: None if value == NOT_KNOWN else value for code, value in values.items()}


class SubmitForm(NhsForm):
    """The last page: a note to the PHB team, which is asked for where the answer gives the person nothing."""

    submit_text = "Submit referral"

    note = forms.CharField(
        label="Note to the PHB team", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, is_note_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = "Why are you asking for a personal health budget?"
            self.fields[
                "note"
            ].help_text = (
                "The rules give the person nothing at present. You can still ask, and the PHB team will decide."
            )
            self.fields["note"].error_messages["required"] = "Enter why you are asking for a personal health budget"


def _shown(value: Any) -> Any:
    return NOT_KNOWN if value is None else value


def _yes_no_field(fact: Fact) -> forms.Field:
    return YesNoField(label=fact.question, help_text=fact.hint, may_be_unknown=True)


def _choice_field(fact: Fact) -> forms.Field:
    choices: list[tuple[str, str]] = [(choice.value, choice.label) for choice in fact.choices]
    if not any(choice.is_unknown for choice in fact.choices):
        choices.append((NOT_KNOWN, "Not known yet"))
    if len(choices) > LONGEST_RADIOS:
        return forms.ChoiceField(label=fact.question, help_text=fact.hint, choices=[("", "Select an answer"), *choices])
    return forms.ChoiceField(label=fact.question, help_text=fact.hint, choices=choices, widget=Radios)


def _number_field(fact: Fact) -> forms.Field:
    return forms.IntegerField(
        label=fact.question,
        help_text=f"{fact.hint} Leave this empty if it is not known yet.",
        min_value=fact.lowest,
        max_value=fact.highest,
        required=False,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
    )


def _date_field(fact: Fact) -> forms.Field:
    return NhsDateField(label=fact.question, help_text=fact.hint, latest="today")


_FIELDS = {
    AnswerType.YES_NO: _yes_no_field,
    AnswerType.CHOICE: _choice_field,
    AnswerType.WHOLE_NUMBER: _number_field,
    AnswerType.DATE: _date_field,
}
