"""The questions of the public self-check, a page at a time. What was answered before travels in hidden fields."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Layout, TemplateNameMixin
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from eligibility.rules.fact_types import AnswerType, Fact
from eligibility.rules.facts import AGE
from eligibility.rules.public_questions import PUBLIC_QUESTIONS, public_label
from eligibility.rules.self_check import UNKNOWN, AgeBand
from phb_register.forms import Actions, NhsForm, Radios

from .journey import LONGEST_RADIOS

NOT_SURE = "I do not know"


class _Carried(TemplateNameMixin):
    """The answers of earlier pages, as hidden fields."""

    template = "eligibility/self_check/carried.html"

    def __init__(self, carried: list[str]) -> None:
        self.carried = carried

    def render(self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        """Draw them."""
        return render_to_string(self.template, {"carried": self.carried})


class SelfCheckForm(NhsForm):
    """One page of the self-check. Every question may be answered "I do not know".

    It has no token against forged requests, because that needs a cookie: nothing is stored that a forged request
    could change.
    """

    submit_text = "Continue"
    mark_optional = False

    def __init__(self, *args: Any, carried: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.disable_csrf = True
        self.carried = carried

    def ask(self, code: str, question: str, hint: str, choices: list[tuple[str, str]]) -> None:
        """Add one question."""
        is_long = len(choices) > LONGEST_RADIOS
        self.fields[code] = forms.ChoiceField(
            label=question,
            help_text=hint,
            choices=[("", "Select an answer"), *choices] if is_long else choices,
            widget=forms.Select if is_long else Radios,
        )
        self.word_field(code, self.fields[code])

    def lay_out(self) -> None:
        """Draw the questions, what was answered before, and the button."""
        if self.carried and len(self.fields) == 1:
            self.page_heading = next(iter(self.fields))  # type: ignore[misc]
        self.helper.layout = Layout(_Carried(self.carried), *self.fields, Actions(self.submit_text))

    def answers(self) -> dict[str, str]:
        """What was answered, as the next page carries it."""
        return dict(self.cleaned_data)


class AgeForm(SelfCheckForm):
    """The first page: the age, as a band of ages that the rules do not tell apart."""

    def __init__(self, *args: Any, bands: Iterable[AgeBand], **kwargs: Any) -> None:
        super().__init__(*args, carried=[], **kwargs)
        choices = [*((band.value, band.words) for band in bands), (UNKNOWN, "I would rather not say")]
        self.ask(AGE, "How old are you?", "If you answer for somebody else, give their age.", choices)
        self.lay_out()


class PublicQuestionsForm(SelfCheckForm):
    """A page of questions about health and care."""

    def __init__(self, *args: Any, questions: Iterable[Fact], carried: list[str], **kwargs: Any) -> None:
        super().__init__(*args, carried=carried, **kwargs)
        for fact in questions:
            wording = PUBLIC_QUESTIONS[fact.code]
            self.ask(fact.code, wording.question, wording.hint, [*_choices(fact), (UNKNOWN, NOT_SURE)])
        self.lay_out()


def _choices(fact: Fact) -> list[tuple[str, str]]:
    if fact.answer_type is AnswerType.YES_NO:
        return [("yes", "Yes"), ("no", "No")]
    return [(choice.value, public_label(fact, choice.value)) for choice in fact.choices if not choice.is_unknown]
