"""The forms with which a support plan is written page by page, proposed, withdrawn and signed."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import PlanPayments, Registration, SignedHow
from budgets.rules.plan_features import Checklist
from budgets.rules.plan_sections import PlanSection
from phb_register.forms import TODAY, NhsDateField, Radios
from phb_register.models import LegalBasis, Representative

from .agreement import BudgetForm

THE_PERSON = "person"
LONGEST_TEXT = 4000


def long_text(label: str, *, help_text: str = "", rows: int = 6, required: bool = False) -> forms.CharField:
    """A field for sentences. A draft may be saved without them: what is missing is said when it is proposed."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PlanForm(BudgetForm):
    """A form that knows how often its page had been saved when it was opened: the edit token."""

    submit_text = "Save"
    mark_optional = False

    data: Any
    revision = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open this page again"})

    def reopen(self, revision: int) -> None:
        """Keep what was typed, to be saved over `revision` once its author has seen that."""
        self.data = self.data.copy()
        self.data[self.add_prefix("revision")] = str(revision)

    def values(self) -> dict[str, Any]:
        """What was typed, without the tokens."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("revision", "key")}


class HealthNeedsForm(PlanForm):
    """What the person needs."""

    health_needs = long_text(
        "What are the person’s health needs?",
        help_text="As assessed and as they see them. Say what matters for the care, not the whole history.",
        rows=10,
    )


class ContingencyForm(PlanForm):
    """What happens if the plan does not work for a day or a week."""

    contingency = long_text(
        "What happens if something goes wrong?",
        help_text="For example, an assistant is ill, equipment fails, or the person’s health gets worse.",
    )


class RiskAdviceForm(PlanForm):
    """The advice that is given in advance."""

    risk_advice = long_text(
        "What advice was given about risks?",
        help_text="For example, about becoming an employer, or what follows if the money is spent otherwise.",
    )
    risk_advice_by = forms.CharField(label="Who gave the advice", max_length=150, required=False)
    risk_advice_on = NhsDateField(
        label="Date the advice was given", latest=TODAY, required=False, help_text="For example, 7 2 2026"
    )


class CoordinatorForm(PlanForm):
    """Who the person turns to."""

    coordinator_name = forms.CharField(label="Name of the care co-ordinator", max_length=150, required=False)
    coordinator_role = forms.CharField(label="Their job", max_length=150, required=False)
    coordinator_contact = forms.CharField(
        label="How the person can reach them", max_length=200, required=False, help_text="A telephone number or e-mail"
    )


class ReviewForm(PlanForm):
    """How the plan is looked at again."""

    review_arrangements = long_text(
        "How and when is the plan reviewed?",
        help_text="The first is due within three months of the first direct payment, then every twelve at least.",
    )
    first_review_by = NhsDateField(
        label="First review by", required=False, help_text="Leave empty if it is not fixed yet"
    )


class NoServicesForm(PlanForm):
    """A plan that buys nothing."""

    no_services_reason = long_text("Why is nothing bought?", rows=4)


class NoRisksForm(PlanForm):
    """A plan without significant risks."""

    no_risks_reason = long_text(
        "Why are there no significant risks?", help_text="Say how that was found out with the person.", rows=4
    )


class PaymentsForm(PlanForm):
    """How often the direct payment is made."""

    error_nouns: ClassVar[dict[str, str]] = {"payments": "how often the direct payment is made"}

    payments = forms.ChoiceField(
        label="How often is the direct payment made?", choices=PlanPayments.choices, widget=Radios()
    )


class FeaturesForm(PlanForm):
    """The checklist: for each feature whether it is so, and what will be done where it is not."""

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        self.checklist = checklist
        self.reveals = {(code, "no"): [f"{code}_note"] for code in checklist.codes}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        for feature in checklist.features:
            self.fields[feature.code] = forms.ChoiceField(
                label=feature.question,
                choices=[("yes", "Yes"), ("no", "No")],
                widget=Radios(),
                required=False,
            )
            self.fields[f"{feature.code}_note"] = forms.CharField(
                label="What will be done about it?",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=LONGEST_TEXT,
                error_messages={"required": f"Enter what will be done about it: {feature.label.lower()}"},
            )
        for name, field in self.fields.items():
            self.word_field(name, field)

    def answers(self) -> dict[str, tuple[bool, str]]:
        """By the code of each feature that was answered, whether it is so and what will be done about it."""
        typed = self.cleaned_data
        return {code: (typed[code] == "yes", typed[f"{code}_note"]) for code in self.checklist.codes if typed.get(code)}


SECTION_FORMS: Mapping[PlanSection, type[PlanForm]] = {
    PlanSection.HEALTH_NEEDS: HealthNeedsForm,
    PlanSection.CONTINGENCY: ContingencyForm,
    PlanSection.RISK_ADVICE: RiskAdviceForm,
    PlanSection.COORDINATOR: CoordinatorForm,
    PlanSection.REVIEW: ReviewForm,
    PlanSection.NO_SERVICES: NoServicesForm,
    PlanSection.NO_RISKS: NoRisksForm,
    PlanSection.PAYMENTS: PaymentsForm,
}


class ProposeForm(BudgetForm):
    """Nothing is asked: what is missing is listed."""

    submit_text = "Propose for signing"


class WithdrawPlanForm(BudgetForm):
    """Giving up a draft or a proposed version."""

    submit_text = "Withdraw this version"

    reason = long_text("Why is it withdrawn?", rows=4, required=True)


class _SignForm(BudgetForm):
    """When and how somebody signed."""

    error_nouns: ClassVar[dict[str, str]] = {"how": "how it was signed", "signed_as": "who signed"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {("how", SignedHow.SPOKEN.value): ["witness"]}

    signed_on = NhsDateField(label="Date it was signed", latest=TODAY, help_text="For example, 7 2 2026")
    how = forms.ChoiceField(label="How was it signed?", choices=SignedHow.choices, widget=Radios())
    witness = forms.CharField(label="Name of the witness", max_length=150)


class HolderSignsForm(_SignForm):
    """Recording that the person signed, or somebody who acts for them."""

    submit_text = "Record the signature"
    field_order = ("signed_as",)

    def __init__(self, *args: Any, person_name: str, representatives: Sequence[Representative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in representatives}
        choices = [(THE_PERSON, person_name), *((key, _acts_as(each)) for key, each in self.people.items())]
        self.fields["signed_as"] = forms.ChoiceField(
            label="Who signed?",
            choices=choices,
            widget=Radios(),
            help_text="" if self.people else "Nobody is recorded who acts for this person.",
            initial=None if self.people else THE_PERSON,
        )
        self.order_fields(self.field_order)
        self.word_field("signed_as", self.fields["signed_as"])

    def signature(self) -> dict[str, Any]:
        """What the service is called with."""
        typed = self.cleaned_data
        plain = {name: typed[name] for name in ("signed_on", "how", "witness")}
        return {**plain, "representative": self.people.get(typed["signed_as"])}


def _acts_as(representative: Representative) -> str:
    if representative.legal_basis == LegalBasis.NOMINEE:
        return f"{representative.name}, nominee"
    return f"{representative.name}, {representative.get_legal_basis_display().lower()}"


class CommissionerSignsForm(_SignForm):
    """Signing for the commissioner, which puts the plan in force."""

    submit_text = "Sign for the commissioner"

    in_force_from = NhsDateField(label="In force from", help_text="The day you sign, or a later one")


class SignOffForm(BudgetForm):
    """Training and sign-off of a personal assistant in one healthcare task."""

    submit_text = "Save the sign-off"
    error_nouns: ClassVar[dict[str, str]] = {"registration": "with whom the professional is registered"}

    trained_by = forms.CharField(label="Who trained the personal assistant", max_length=150)
    trained_on = NhsDateField(label="Date of the training", latest=TODAY, help_text="For example, 7 2 2026")
    signed_off_by = forms.CharField(label="Registered professional who signed it off", max_length=150)
    registration = forms.ChoiceField(
        label="With whom is the professional registered?", choices=Registration.choices, widget=Radios()
    )
    registration_number = forms.CharField(
        label="Their registration number",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10", "spellcheck": "false"}),
    )
    signed_off_on = NhsDateField(label="Date signed off", latest=TODAY)
    valid_until = NhsDateField(label="Valid until", help_text="The last day on which the assistant may do the task")


class ApproveExceptionForm(BudgetForm):
    """Approving that somebody of the same household is paid."""

    submit_text = "Approve the exception"
