"""The forms with which a budget is proposed and a proposal is decided."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms

from budgets.enums import Funder, LivesIn, Method
from budgets.exceptions import Problem
from budgets.models import BudgetProposal
from budgets.rules import agreement
from budgets.rules.agreement import MethodAmount, Share
from budgets.rules.proposal_states import ProposalKind, ProposalStatus
from budgets.rules.proposals import Terms
from phb_register.forms import Actions, MoneyField, NhsDateField, NhsForm, PercentField, Radios

from .agreement import BudgetForm, MethodsForm

OTHER_FUNDERS = (Funder.LOCAL_AUTHORITY, Funder.EDUCATION)
FURTHER_KINDS = (ProposalKind.CHANGE, ProposalKind.CORRECTION)


def long_text(label: str, remedy: str = "", *, help_text: str = "", required: bool = True) -> forms.CharField:
    """A field for sentences; `remedy` is what to do where it is left empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": remedy} if remedy else {},
    )


class ProposalForm(MethodsForm):
    """Proposing a first budget from an accepted referral."""

    submit_text = "Save the proposal"
    error_nouns: ClassVar[dict[str, str]] = {
        **MethodsForm.error_nouns,
        "lives_in": "where the person lives",
        "one_off_method": "how the one-off amount is managed",
        "kind": "what this is",
    }
    first_label = "When is it planned to start?"

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What is this?", choices=[(each.value, each.label) for each in FURTHER_KINDS], widget=Radios()
    )
    applies_from = NhsDateField(label="Applies from", help_text="For example, 7 2 2027")
    one_off_amount = MoneyField(
        label="One-off amount", required=False, help_text="Paid once beside the annual amount, for equipment say"
    )
    one_off_method = forms.ChoiceField(
        label="How is the one-off amount managed?",
        choices=[("", "There is none"), *Method.choices],
        widget=Radios(),
        required=False,
    )
    lives_in = forms.ChoiceField(label="Where does the person live?", choices=LivesIn.choices, widget=Radios())
    is_fast_track = forms.BooleanField(label="This is fast track CHC", required=False)
    is_one_off = forms.BooleanField(label="This is a one-off, not an ongoing budget", required=False)
    is_block_funded = forms.BooleanField(
        label="The direct payment would buy a service that is paid under a block contract",
        required=False,
        help_text="A local offer may give no direct payment for it. A budget by right is not affected.",
    )
    notice_given_on = NhsDateField(
        label="Notice of a lower direct payment given on",
        required=False,
        help_text="Only where the direct payment becomes lower: when the payee was told so in writing. For example, "
        "7 2 2027",
    )
    previous_annual_amount = MoneyField(
        label="Annual amount of the package it replaces", required=False, help_text="Leave empty if there was none"
    )
    nhs_percent = PercentField(label="Share paid by the NHS", initial=Decimal(100))
    local_authority_percent = PercentField(label="Share paid by the local authority", required=False)
    local_authority_name = forms.CharField(label="Name of the local authority", max_length=200, required=False)
    education_percent = PercentField(label="Share paid by education", required=False)
    education_name = forms.CharField(label="Name of the education body", max_length=200, required=False)
    reason = long_text("Why is it changed?", "Enter why it is changed")
    difference_reason = long_text(
        "Why does it differ from the indicative budget?",
        required=False,
        help_text="Needed where the annual amount lies further from the indicative budget than the margin allows",
    )

    #: Asked once, when the budget is new; and only of what follows it.
    of_a_first: ClassVar = ("lives_in", "is_fast_track", "is_one_off", "previous_annual_amount")
    of_a_further: ClassVar = ("kind", "reason", "notice_given_on")

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        self.is_first = is_first
        super().__init__(*args, **kwargs)
        for name in self.of_a_further if is_first else self.of_a_first:
            del self.fields[name]
        if is_first:
            self.fields["applies_from"].label = self.first_label
            self.word_field("applies_from", self.fields["applies_from"])

    @property
    def reveals(self) -> Mapping[tuple[str, str], Sequence[str]]:  # type: ignore[override]
        """What is asked only with one of the methods, of the fields there are."""
        with_payment = ("direct_payment_amount", "is_free_of_orders", "is_block_funded", "notice_given_on")
        return {
            **MethodsForm.reveals,
            ("methods", Method.DIRECT_PAYMENT.value): [name for name in with_payment if name in self.fields],
        }

    def layout_parts(self) -> list[Any]:
        """In groups: when, how much, how managed, who pays, who for."""
        money = ("annual_amount", "previous_annual_amount", "methods", "one_off_amount", "one_off_method", "is_one_off")
        shares = (
            "nhs_percent",
            "local_authority_percent",
            "local_authority_name",
            "education_percent",
            "education_name",
        )
        groups = (
            ("When", ("kind", "applies_from", "reason")),
            ("The money", money),
            ("Who pays", shares),
            ("The person", ("lives_in", "is_fast_track")),
            ("The indicative budget", ("difference_reason",)),
        )
        kept = [(title, [name for name in names if name in self.fields]) for title, names in groups]
        return [
            "key",
            *(Fieldset(title, *names) for title, names in kept if names),
            Actions(self.submit_text, cancel_url=self.cancel_url),
        ]

    @classmethod
    def initial_of(
        cls,
        given: Mapping[str, Any],
        methods: Sequence[MethodAmount],
        shares: Sequence[Share],
    ) -> dict[str, Any]:
        """What the form begins with: plain values, and methods and shares as they are asked for."""
        initial: dict[str, Any] = {"key": uuid.uuid4(), **given, "methods": [part.method.value for part in methods]}
        if len(methods) > 1:
            initial |= {f"{part.method}_amount": part.annual_amount for part in methods}
        for share in shares:
            initial |= {f"{share.funder}_percent": share.percent, f"{share.funder}_name": share.body_name}
        return initial

    def shares(self) -> list[Share]:
        """The shares typed; a funder with nothing or 0 pays none."""
        typed = [(Funder.NHS, self.cleaned_data["nhs_percent"], "")]
        typed += [
            (funder, self.cleaned_data[f"{funder}_percent"], self.cleaned_data[f"{funder}_name"])
            for funder in OTHER_FUNDERS
        ]
        return [Share(funder, percent, name) for funder, percent, name in typed if percent]

    def clean(self) -> dict[str, Any]:
        """Besides the methods: shares add to 100, and a body that is named pays something."""
        cleaned = super().clean()
        parts = ("percent", "name")
        share_fields = {"nhs_percent", *(f"{funder}_{part}" for funder in OTHER_FUNDERS for part in parts)}
        if not share_fields & set(self.errors):
            without_share = [
                Problem(f"{funder}_percent", f"Enter the share paid by {cleaned[f'{funder}_name']}, or clear the name")
                for funder in OTHER_FUNDERS
                if cleaned[f"{funder}_name"] and not cleaned[f"{funder}_percent"]
            ]
            self.add_problems([*agreement.check_shares(self.shares()), *without_share])
        return cleaned

    @property
    def proposed_kind(self) -> ProposalKind:
        """What it is a proposal of."""
        return ProposalKind.FIRST if self.is_first else ProposalKind(self.cleaned_data["kind"])

    def terms(self) -> Terms:
        """What the service that keeps a proposal is given."""
        plain = (
            "applies_from", "annual_amount", "previous_annual_amount", "lives_in", "is_fast_track", "is_one_off",
            "is_free_of_orders", "is_block_funded", "notice_given_on", "reason", "difference_reason",
        )  # fmt: skip
        given = {name: self.cleaned_data[name] for name in plain if name in self.fields}
        one_off = self.cleaned_data["one_off_amount"] or Decimal(0)
        return Terms(
            methods=self.method_amounts(),
            shares=self.shares(),
            one_off_amount=one_off,
            one_off_method=self.cleaned_data["one_off_method"] if one_off else "",
            **given,
        )


class ConfirmForm(BudgetForm):
    """Proposing that a budget entered without a proposal be approved as it stands."""

    submit_text = "Propose to confirm it"

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = long_text("Where and when was it agreed?", "Enter where and when it was agreed")
    is_free_of_orders = forms.BooleanField(
        label="No court order or licence condition stands against a direct payment",
        required=False,
        help_text="Needed for a direct payment, unless the referral answered it. Those for treatment of drug or "
        "alcohol use, in the Schedule to the NHS (Direct Payments) Regulations 2013.",
    )


class SubmitForm(BudgetForm):
    """Sending a proposal to whoever decides; nothing is asked."""

    submit_text = "Submit the proposal"


class ReviseForm(BudgetForm):
    """Taking up again what was sent back; nothing is asked."""

    submit_text = "Change the proposal"


class ApproveForm(BudgetForm):
    """The lead nurse approves."""

    submit_text = "Approve the budget"

    note = long_text("Note", required=False, help_text="Kept with the decision")


class ReasonForm(BudgetForm):
    """A step that says why."""

    def __init__(self, *args: Any, label: str, submit_text: str, **kwargs: Any) -> None:
        self.submit_text = submit_text  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.fields["reason"] = long_text(label, "Enter the reason")
        self.word_field("reason", self.fields["reason"])


class DeclineForm(BudgetForm):
    """Declining a proposal: the reasons, and how to have the decision looked at again."""

    submit_text = "Decline the proposal"

    reasons = long_text(
        "Reasons in writing", "Enter the reasons, as the person will read them", help_text="The person will read this."
    )
    reconsideration_route = long_text(
        "How can the person ask for the decision to be looked at again?",
        "Enter how the person can ask for the decision to be looked at again",
    )


class ProposalFilterForm(NhsForm):
    """Which proposals a list shows; the filters stand in the address."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False

    status = forms.ChoiceField(
        label="Status", choices=[("", "All that are open"), *ProposalStatus.choices], required=False
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "All"), *ProposalKind.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_class = "app-filters"


def initial_of_proposal(proposal: BudgetProposal) -> dict[str, Any]:
    """The plain values of a draft, as its form asks for them."""
    names = (
        "kind", "applies_from", "annual_amount", "one_off_method", "previous_annual_amount", "lives_in",
        "is_fast_track", "is_one_off", "is_free_of_orders", "is_block_funded", "notice_given_on", "reason",
        "difference_reason",
    )  # fmt: skip
    return {name: getattr(proposal, name) for name in names} | {
        "one_off_amount": proposal.one_off_amount or None,
        "key": proposal.submission_key,
    }
