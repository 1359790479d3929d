"""The forms with which a refusal is looked at again."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from eligibility.enums import (
    REASONS_AGAINST_A_RIGHT,
    AskedBy,
    ReasonCode,
    ReconsiderationOutcome,
    RefusalKind,
    ServiceReason,
)
from eligibility.rules.reconsideration_states import OUTCOMES
from eligibility.rules.refusals import RefusedBeside
from eligibility.services.decisions import Ruling
from offers.models import Cohort
from phb_register.forms import Radios
from phb_register.models import Representative

from .decisions import DatedForm, long_text


class RequestReconsiderationForm(DatedForm):
    """Record that somebody asked for a decision to be looked at again."""

    submit_text = "Record the request"
    error_nouns: ClassVar[dict[str, str]] = {
        "refusal": "what they want looked at again",
        "asked_by": "who asked",
        "representative": "who asked for the person",
        "on": "date",
    }
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {("asked_by", "representative"): ["representative"]}

    def __init__(
        self, *args: Any, refusals: Sequence[tuple[str, str]], representatives: Sequence[Representative], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in representatives}
        self.fields["refusal"] = forms.ChoiceField(
            label="What do they want looked at again?",
            choices=list(refusals),
            widget=Radios,
            initial=refusals[0][0] if len(refusals) == 1 else None,
        )
        asking = AskedBy.choices if self.people else [(AskedBy.PERSON.value, AskedBy.PERSON.label)]
        self.fields["asked_by"] = forms.ChoiceField(
            label="Who asked?",
            help_text="" if self.people else "Nobody is recorded who acts for this person.",
            choices=asking,
            widget=Radios,
            initial=None if self.people else AskedBy.PERSON.value,
        )
        self.fields["representative"] = forms.ChoiceField(
            label="Who acts for the person?",
            choices=[(key, f"{each.name}, {each.relationship.lower()}") for key, each in self.people.items()],
            widget=Radios,
            required=bool(self.people),
        )
        self.fields["statement"] = long_text(
            "Why do they think the decision is wrong?", "Enter why they think the decision is wrong"
        )
        self.fields["new_information"] = long_text(
            "Is there anything new that was not known when it was decided?", "", required=False
        )
        self.add_day("When did they ask?")
        for name, field in self.fields.items():
            self.word_field(name, field)

    def decision(self) -> dict[str, Any]:
        """What the service is called with: the representative themselves, where one asked."""
        return {**self.cleaned_data, "representative": self.people.get(self.cleaned_data["representative"])}


# What less is refused by, asked where the outcome is a change in part and the refusal has it.
IN_PART = (
    "cohort_in_part",
    "refused_part",
    "reason_code",
    "refused_services",
    "service_reason",
    "service_explanation",
    "reconsideration_route",
)


class DecideReconsiderationForm(DatedForm):
    """Decide a reconsideration. What a change needs is asked only with that outcome."""

    submit_text = "Decide"
    error_nouns: ClassVar[dict[str, str]] = {
        "outcome": "the outcome",
        "cohort": "the cohort",
        "cohort_in_part": "the cohort",
        "on": "date",
    }

    def __init__(
        self,
        *args: Any,
        refusal: str,
        cohorts: Sequence[Cohort],
        is_right_to_have: bool,
        route: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cohorts = {cohort.code: cohort for cohort in cohorts}
        self.fields["outcome"] = forms.ChoiceField(
            label="Outcome", choices=[(each.value, each.label) for each in OUTCOMES[refusal]], widget=Radios
        )
        if refusal == RefusalKind.WHOLE:
            for name in ("cohort", "cohort_in_part"):
                self.fields[name] = self._cohort_field(cohorts)
        if refusal in (RefusalKind.WHOLE, RefusalKind.PART):
            codes = REASONS_AGAINST_A_RIGHT if is_right_to_have else tuple(ReasonCode)
            self.fields["refused_part"] = long_text("What is still refused?", "Enter what is still refused")
            self.fields["reason_code"] = forms.ChoiceField(
                label="Reason", choices=[(code.value, code.label) for code in codes], widget=Radios
            )
        if refusal == RefusalKind.SERVICE:
            self.fields["refused_services"] = long_text(
                "Which services are still left out?", "Enter the services that are still left out"
            )
            self.fields["service_reason"] = forms.ChoiceField(
                label="Why are they left out?", choices=ServiceReason.choices, widget=Radios
            )
            self.fields["service_explanation"] = long_text(
                "Reasons for that, as the person will read them", "Enter the reasons for leaving the services out"
            )
        if ReconsiderationOutcome.CHANGED_IN_PART in OUTCOMES[refusal]:
            self.fields["reconsideration_route"] = long_text(
                "How can the person ask for the decision to be looked at again?",
                "Enter how the person can ask for the decision to be looked at again",
                initial=route,
            )
        self.fields["reasons"] = long_text(
            "Reasons in writing",
            "Enter the reasons, as the person will read them",
            help_text="The person will read this. Say what was looked at again, what was new, and what it showed.",
        )
        self.add_day("When was this decided?")
        for name, field in self.fields.items():
            self.word_field(name, field)

    @property
    def reveals(self) -> Mapping[tuple[str, str], Sequence[str]]:  # type: ignore[override]
        """The fields that this refusal has, by the outcome they go with."""
        wanted = {("outcome", "changed"): ("cohort",), ("outcome", "changed_in_part"): IN_PART}
        return {answer: [name for name in names if name in self.fields] for answer, names in wanted.items()}

    def _cohort_field(self, cohorts: Sequence[Cohort]) -> forms.ChoiceField:
        return forms.ChoiceField(
            label="Cohort",
            choices=[(cohort.code, cohort.name) for cohort in cohorts],
            widget=Radios,
            initial=cohorts[0].code if len(cohorts) == 1 else None,
        )

    def decision(self) -> dict[str, Any]:
        """What the service is called with."""
        given = self.cleaned_data
        code = given.get("cohort") or given.get("cohort_in_part") or ""
        return {
            "outcome": given["outcome"],
            "reasons": given["reasons"],
            "on": given["on"],
            "ruling": Ruling(
                cohort=self.cohorts.get(code),
                reason_code=given.get("reason_code", ""),
                refused_part=given.get("refused_part", ""),
                beside=RefusedBeside(
                    refused_services=given.get("refused_services", ""),
                    service_reason=given.get("service_reason", ""),
                    service_explanation=given.get("service_explanation", ""),
                ),
                reconsideration_route=given.get("reconsideration_route", ""),
            ),
        }


class NoticeForm(DatedForm):
    """The day the person was told the outcome in writing."""

    submit_text = "Save"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was the person told in writing?")


class WithdrawReconsiderationForm(DatedForm):
    """Whoever asked no longer wants it looked at again."""

    submit_text = "Withdraw the request"

    reason = long_text("Why is it withdrawn?", "Enter why it is withdrawn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was it withdrawn?")
