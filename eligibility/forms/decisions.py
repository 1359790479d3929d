"""The forms with which a referral is decided or withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar

from django import forms

from eligibility.enums import REASONS_AGAINST_A_RIGHT, DirectPaymentReason, ReasonCode, RefusalKind, ServiceReason
from eligibility.rules.refusals import RefusedBeside
from offers.models import Cohort
from phb_register.forms import Checkboxes, NhsDateField, NhsForm, Radios

# The fields of what is refused beside the budget, as a decision names them.
BESIDE = tuple(field.name for field in fields(RefusedBeside))


def long_text(label: str, remedy: str, *, help_text: str = "", initial: str = "", required: bool = True) -> forms.Field:
    """A field for sentences; ``remedy`` is what to do where it is left empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        initial=initial,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": remedy},
    )


class DatedForm(NhsForm):
    """A form whose last field is the day it happened on."""

    error_nouns: ClassVar[dict[str, str]] = {"on": "date"}

    def add_day(self, label: str) -> None:
        """Ask for the day, which may be in the past."""
        self.fields["on"] = NhsDateField(
            label=label, help_text="For example, 31 3 2026", latest="today", initial=self.today
        )
        self.word_field("on", self.fields["on"])

    def decision(self) -> dict[str, Any]:
        """What the service is called with."""
        return self.cleaned_data


class _BesideForm(DatedForm):
    """A form that can refuse a direct payment, or services in the plan, while the budget is accepted."""

    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("refuses", "direct_payment"): ["direct_payment_reason", "direct_payment_explanation"],
        ("refuses", "service"): ["refused_services", "service_reason", "service_explanation"],
    }

    def add_beside(self) -> None:
        """Ask what is refused beside the budget, and why."""
        self.fields["refuses"] = forms.MultipleChoiceField(
            label="Is anything else refused?",
            help_text="The budget is accepted all the same. Without a direct payment, the money can be held as a "
            "notional or third-party budget.",
            choices=[
                (RefusalKind.DIRECT_PAYMENT.value, RefusalKind.DIRECT_PAYMENT.label),
                (RefusalKind.SERVICE.value, RefusalKind.SERVICE.label),
            ],
            widget=Checkboxes,
            required=False,
        )
        self.fields["direct_payment_reason"] = forms.ChoiceField(
            label="Why is a direct payment refused?",
            choices=DirectPaymentReason.choices,
            widget=Radios,
            error_messages={"required": "Select why a direct payment is refused"},
        )
        self.fields["direct_payment_explanation"] = long_text(
            "Reasons for refusing a direct payment, as the person will read them",
            "Enter the reasons for refusing a direct payment, as the person will read them",
        )
        self.fields["refused_services"] = long_text(
            "Which services are left out of the plan?", "Enter the services that are left out"
        )
        self.fields["service_reason"] = forms.ChoiceField(
            label="Why are they left out?",
            choices=ServiceReason.choices,
            widget=Radios,
            error_messages={"required": "Select why the services are left out"},
        )
        self.fields["service_explanation"] = long_text(
            "Reasons for leaving them out, as the person will read them",
            "Enter the reasons for leaving the services out, as the person will read them",
        )
        for name in ("refuses", *BESIDE):
            self.word_field(name, self.fields[name])

    def decision(self) -> dict[str, Any]:
        """What the service is called with: what is refused beside the budget, in one."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("refuses", *BESIDE)}
        return {**given, "beside": RefusedBeside(**{name: self.cleaned_data[name] for name in BESIDE})}


class _CohortForm(DatedForm):
    """A form that puts the person into a cohort."""

    def add_cohorts(self, cohorts: Sequence[Cohort]) -> None:
        """Ask for the cohort; where there is one only, it is chosen already."""
        self.cohorts = {cohort.code: cohort for cohort in cohorts}
        self.fields["cohort"] = forms.ChoiceField(
            label="Cohort",
            help_text="In which the person has a personal health budget. The strongest basis found comes first.",
            choices=[(cohort.code, cohort.name) for cohort in cohorts],
            widget=Radios,
            initial=cohorts[0].code if len(cohorts) == 1 else None,
            error_messages={"required": "Select the cohort"},
        )
        self.word_field("cohort", self.fields["cohort"])

    def clean_cohort(self) -> Cohort:
        """The cohort itself."""
        return self.cohorts[self.cleaned_data["cohort"]]


class AcceptForm(_BesideForm, _CohortForm):
    """Accept a referral. ``route`` goes with whatever is refused beside the budget."""

    submit_text = "Accept referral"

    def __init__(self, *args: Any, cohorts: Sequence[Cohort], is_note_needed: bool, route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.route = route
        self.add_cohorts(cohorts)
        self.fields["note"] = long_text(
            "Why do you accept it, when screening found no cohort?" if is_note_needed else "Note",
            "Enter why you accept the referral",
            required=is_note_needed,
        )
        self.word_field("note", self.fields["note"])
        self.add_beside()
        self.add_day("When was this decided?")

    def decision(self) -> dict[str, Any]:
        """With the route to reconsideration, where anything is refused."""
        given = super().decision()
        return {**given, "reconsideration_route": self.route if given["beside"].is_any else ""}


class _RefusalForm(_CohortForm):
    """Reasons, and where there is a right, the way to have the refusal looked at again."""

    def add_refusal(self, *, is_right_to_have: bool, route: str) -> None:
        """Ask for the reasons. ``route`` is the wording to start from."""
        codes = REASONS_AGAINST_A_RIGHT if is_right_to_have else tuple(ReasonCode)
        self.fields["reason_code"] = forms.ChoiceField(
            label="Reason",
            choices=[(code.value, code.label) for code in codes],
            widget=Radios,
            error_messages={"required": "Select the reason"},
        )
        self.fields["reasons"] = long_text(
            "Reasons in writing",
            "Enter the reasons, as the person will read them",
            help_text="The person will read this. Say what was looked at and what it showed.",
        )
        self.fields["reconsideration_route"] = long_text(
            "How can the person ask for the decision to be looked at again?",
            "Enter how the person can ask for the decision to be looked at again",
            initial=route,
            required=is_right_to_have,
        )
        for name in ("reason_code", "reasons", "reconsideration_route"):
            self.word_field(name, self.fields[name])


class DeclineForm(_RefusalForm):
    """Decline all of a referral."""

    submit_text = "Decline referral"

    def __init__(self, *args: Any, is_right_to_have: bool, route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_refusal(is_right_to_have=is_right_to_have, route=route)
        self.add_day("When was this decided?")


class AcceptInPartForm(_BesideForm, _RefusalForm):
    """Accept a referral for part of the care, and refuse the rest."""

    submit_text = "Accept in part"

    def __init__(
        self, *args: Any, cohorts: Sequence[Cohort], is_right_to_have: bool, route: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.add_cohorts(cohorts)
        self.fields["refused_part"] = long_text(
            "What is refused?",
            "Enter what is refused",
            help_text="Name the services or the part of the care that the budget will not cover.",
        )
        self.word_field("refused_part", self.fields["refused_part"])
        self.add_refusal(is_right_to_have=is_right_to_have, route=route)
        self.add_beside()
        self.add_day("When was this decided?")


class WithdrawForm(DatedForm):
    """Withdraw a referral that waits for a decision."""

    submit_text = "Withdraw referral"

    reason = long_text("Why is it withdrawn?", "Enter why the referral is withdrawn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_day("When was it withdrawn?")
