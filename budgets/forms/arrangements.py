"""Forms in which direct payments, third parties and wheelchairs are arranged, and direct payments stopped."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset
from django import forms

from budgets.enums import AccountKind, CapacityBasis, Method, PayeeKind, StopReason, WheelchairOption
from budgets.exceptions import Problem
from budgets.models import DirectPaymentArrangement, SupportOrganisation
from budgets.rules.arrangements import Nominee, names_of
from budgets.rules.one_off import MOST_ITEMS
from budgets.rules.stopping import ALTERNATIVES, is_mandatory
from budgets.services.arrangements import AccountGiven, PayeeGiven
from phb_register.forms import TODAY, Actions, Checkboxes, MoneyField, NhsDateField, Radios, YesNoField
from phb_register.models import Representative

from .agreement import METHOD_HINTS, BudgetForm

LONGEST_TEXT = 2000
_EXAMPLE = "For example, 7 2 2026"
_WIDE = {"class": "nhsuk-input--width-20"}


def past_date(label: str, *, help_text: str = _EXAMPLE, required: bool = False) -> NhsDateField:
    """A date of something that happened; left empty where it has not happened yet."""
    return NhsDateField(label=label, latest=TODAY, required=required, help_text=help_text)


def sentences(label: str, *, help_text: str = "", rows: int = 4) -> forms.CharField:
    """A field for a few sentences."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows})
    )


class PickingForm(BudgetForm):
    """A form in which one of several rows is picked."""

    def offer(self, name: str, rows: Iterable[Any], words: str = "") -> dict[str, Any]:
        """Fill a field's choices with rows; returns them by the value that is sent."""
        found = {str(row.pk): row for row in rows}
        choices = [(key, str(row)) for key, row in found.items()]
        field: Any = self.fields[name]
        field.choices = [("", words), *choices] if words else choices
        return found


class ArrangeDirectPaymentForm(PickingForm):
    """To whom a direct payment goes and by whose consent; what has not happened yet is added later."""

    submit_text = "Save the arrangement"
    error_nouns: ClassVar[Mapping[str, str]] = {
        "capacity_basis": "who consents, and on what ground",
        "payee": "to whom it is paid",
        "child_representative": "who consents for the person",
        "lacks_representative": "who consents for the person",
        "nominee_is_close": "whether the nominee is close to the person",
        "assessed_on": "date capacity was assessed",
        "lacks_assessed_on": "date capacity was assessed",
    }
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("capacity_basis", CapacityBasis.ASSESSED.value): ["assessed_on"],
        ("capacity_basis", CapacityBasis.CHILD.value): ["child_representative"],
        ("capacity_basis", CapacityBasis.LACKS.value): ["lacks_assessed_on", "lacks_representative"],
        ("payee", PayeeKind.NOMINEE.value): [
            "nominee_name",
            "nominee_relationship",
            "nominee_is_close",
            "nominated_on",
            "nominee_agreed_on",
            "commissioner_agreed_on",
            "dbs_seen_on",
        ],
    }

    starts_on = NhsDateField(
        label="First day of the arrangement", help_text=f"An arrangement before it ends on this day. {_EXAMPLE}"
    )
    capacity_basis = forms.ChoiceField(
        label="Who consents to the direct payment, and on what ground?",
        choices=CapacityBasis.choices,
        widget=Radios(),
    )
    assessed_on = past_date("Date capacity was assessed", required=True)
    child_representative = forms.ChoiceField(label="Who consents for the child?", widget=Radios())
    lacks_assessed_on = past_date("Date it was assessed that the person lacks capacity", required=True)
    lacks_representative = forms.ChoiceField(label="Who consents for the person?", widget=Radios())
    consent_given_on = past_date("Date consent was given", help_text="Leave empty if it has not been given yet")
    payee = forms.ChoiceField(label="To whom is it paid?", choices=PayeeKind.choices, widget=Radios())
    nominee_name = forms.CharField(label="Name of the nominee", max_length=200)
    nominee_relationship = forms.CharField(label="Relationship to the person", max_length=100)
    nominee_is_close = YesNoField(
        label="Is the nominee close family, in the same household, or a friend who helps with care?",
        help_text="If not, an enhanced DBS certificate is needed (regulation 7).",
    )
    nominated_on = past_date("Date they were nominated", required=True)
    nominee_agreed_on = past_date("Date the nominee agreed", help_text="Leave empty if they have not agreed yet")
    commissioner_agreed_on = past_date(
        "Date the commissioner agreed to the nominee", help_text="Leave empty if it has not agreed yet"
    )
    dbs_seen_on = past_date("Date you saw the enhanced DBS certificate", help_text="Leave empty if none is needed")

    def __init__(self, *args: Any, representatives: Iterable[Representative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, Representative] = {}
        for name in ("child_representative", "lacks_representative"):
            self.people = self.offer(name, representatives)
            if not self.people:
                self.fields[
                    name
                ].help_text = "Nobody is recorded who acts for the person. Add them to the record first."

    def layout_parts(self) -> list[Any]:
        """In groups: when, consent, payee."""
        return [
            "starts_on",
            Fieldset("Consent", "capacity_basis", "consent_given_on"),
            Fieldset("Payee", "payee"),
            Actions(self.submit_text, cancel_url=self.cancel_url),
        ]

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Beside the field that was asked."""
        is_child = self["capacity_basis"].data == CapacityBasis.CHILD
        is_lacking = self["capacity_basis"].data == CapacityBasis.LACKS
        named = {
            "capacity_assessed_on": "lacks_assessed_on" if is_lacking else "assessed_on",
            "representative": "child_representative" if is_child else "lacks_representative",
        }
        super().add_problems([Problem(named.get(each.field, each.field), each.message) for each in problems])

    def given(self) -> PayeeGiven:
        """What the service is called with."""
        data = self.cleaned_data
        basis, payee = CapacityBasis(data["capacity_basis"]), PayeeKind(data["payee"])
        picked = data["child_representative"] or data["lacks_representative"]
        return PayeeGiven(
            payee=payee,
            capacity_basis=basis,
            capacity_assessed_on=data["assessed_on"] or data["lacks_assessed_on"],
            representative=self.people.get(picked),
            consent_given_on=data["consent_given_on"],
            nominee=self._nominee() if payee == PayeeKind.NOMINEE else None,
        )

    def _nominee(self) -> Nominee:
        data = self.cleaned_data
        return Nominee(
            name=data["nominee_name"],
            relationship=data["nominee_relationship"],
            is_close=bool(data["nominee_is_close"]),
            nominated_on=data["nominated_on"],
            agreed_on=data["nominee_agreed_on"],
            commissioner_agreed_on=data["commissioner_agreed_on"],
            dbs_seen_on=data["dbs_seen_on"],
        )


#: The dates that may follow, with their questions; the nominee's are asked where there is one.
LATER = {
    "consent_given_on": "Date consent was given",
    "nominee_agreed_on": "Date the nominee agreed",
    "commissioner_agreed_on": "Date the commissioner agreed to the nominee",
    "dbs_seen_on": "Date you saw the enhanced DBS certificate of the nominee",
}


class CompleteDirectPaymentForm(BudgetForm):
    """The dates that an arrangement lacks; at least one is entered."""

    submit_text = "Save"

    def __init__(self, *args: Any, arrangement: DirectPaymentArrangement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in missing_dates(arrangement):
            field = past_date(LATER[name], help_text="Leave empty if it has not happened yet")
            self.fields[name] = field
            self.word_field(name, field)

    def clean(self) -> dict[str, Any]:
        """Something is entered."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error(next(iter(self.fields)), "Enter at least one date, or go back")
        return cleaned


def missing_dates(arrangement: DirectPaymentArrangement) -> list[str]:
    """The dates of `LATER` that an arrangement needs and lacks."""
    needed = ["consent_given_on"]
    if arrangement.payee == PayeeKind.NOMINEE:
        needed += ["nominee_agreed_on", "commissioner_agreed_on"]
        if not arrangement.nominee_is_close:
            needed.append("dbs_seen_on")
    return [name for name in needed if getattr(arrangement, name) is None]


class ApproveAccountForm(PickingForm):
    """The account that a direct payment goes into."""

    submit_text = "Approve the account"
    error_nouns: ClassVar[Mapping[str, str]] = {
        "account_kind": "what kind of account it is",
        "account_holder": "the organisation that holds it",
        "one_off_items": "how many items or services it pays for",
    }
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("account_kind", AccountKind.MANAGED.value): ["account_holder"],
        ("account_kind", AccountKind.OWN.value): ["one_off_items"],
    }

    account_kind = forms.ChoiceField(
        label="What kind of account is it?",
        choices=AccountKind.choices,
        widget=Radios(
            hints={
                AccountKind.DEDICATED.value: "It holds money for direct payments and nothing else (regulation 10).",
                AccountKind.OWN.value: "Only for one payment in a financial year, for at most five items or services.",
            }
        ),
    )
    account_holder = forms.ChoiceField(label="Which organisation holds it?")
    one_off_items = forms.IntegerField(
        label="How many items or services does it pay for?", min_value=1, max_value=MOST_ITEMS
    )
    account_last_four = forms.CharField(
        label="Last 4 digits of the account or card",
        max_length=4,
        help_text="The whole number is kept in the finance system alone.",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-4", "inputmode": "numeric", "autocomplete": "off"}),
    )
    account_names = sentences("Who is named on the account?", help_text="Each name on a line of its own.", rows=3)
    payee_reference = forms.CharField(
        label="Payee’s reference in the finance system", max_length=40, widget=forms.TextInput(attrs=_WIDE)
    )
    account_approved_on = past_date("Date the account was approved", required=True)

    def __init__(self, *args: Any, organisations: Iterable[SupportOrganisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holders = self.offer("account_holder", organisations, "Select an organisation")

    def given(self) -> AccountGiven:
        """What the service is called with."""
        data = self.cleaned_data
        return AccountGiven(
            kind=AccountKind(data["account_kind"]),
            last_four=data["account_last_four"],
            names=names_of(data["account_names"]),
            payee_reference=data["payee_reference"],
            approved_on=data["account_approved_on"],
            holder=self.holders.get(data["account_holder"]),
            one_off_items=data["one_off_items"],
        )


class WithdrawNominationForm(BudgetForm):
    """A nomination that falls away."""

    submit_text = "Record the withdrawal"

    withdrawn_on = past_date("Date the nomination was withdrawn", required=True)
    note = sentences("Who withdrew it, and why?")


class ThirdPartyForm(PickingForm):
    """The organisation that holds a third-party part."""

    submit_text = "Save the arrangement"
    error_nouns: ClassVar[Mapping[str, str]] = {"organisation": "the organisation"}

    organisation = forms.ChoiceField(label="Which organisation holds the money?")
    starts_on = NhsDateField(
        label="First day of the arrangement", help_text=f"An arrangement before it ends on this day. {_EXAMPLE}"
    )
    agreed_on = past_date("Date the agreement was signed", help_text="Leave empty if it is not signed yet")

    def __init__(self, *args: Any, organisations: Iterable[SupportOrganisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holders = self.offer("organisation", organisations, "Select an organisation")

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        return {**self.cleaned_data, "organisation": self.holders[self.cleaned_data["organisation"]]}


class SignThirdPartyForm(BudgetForm):
    """The agreement with a third party, signed."""

    submit_text = "Save"

    agreed_on = past_date("Date the agreement was signed", required=True)


class WheelchairForm(PickingForm):
    """A wheelchair of a personal wheelchair budget."""

    submit_text = "Save the wheelchair"
    error_nouns: ClassVar[Mapping[str, str]] = {"option": "the option", "supplier": "the supplier"}
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {
        ("option", WheelchairOption.CONTRIBUTION.value): ["contribution_amount"],
        ("option", WheelchairOption.THIRD_PARTY.value): ["supplier", "repair_amount"],
    }

    option = forms.ChoiceField(
        label="Which option?",
        choices=WheelchairOption.choices,
        widget=Radios(
            hints={
                WheelchairOption.NOTIONAL.value: "The NHS owns the wheelchair and has it repaired.",
                WheelchairOption.CONTRIBUTION.value: (
                    "The person adds money for extras, and has those repaired. The NHS owns the wheelchair."
                ),
                WheelchairOption.THIRD_PARTY.value: "The person owns the wheelchair and has it repaired.",
            }
        ),
    )
    contribution_amount = MoneyField(
        label="What the person adds", help_text="Their own money. It is no part of the budget and no NHS spending."
    )
    supplier = forms.ChoiceField(label="Which supplier is the budget paid to?")
    repair_amount = MoneyField(
        label="How much of the budget is for repairs?", required=False, help_text="Leave empty if none is"
    )
    starts_on = NhsDateField(label="Date the wheelchair is issued", help_text=_EXAMPLE)
    expires_on = NhsDateField(
        label="End of the period",
        required=False,
        help_text="Leave empty for the usual one: 5 years for an adult, 3 for a child of 17 or under",
    )

    def __init__(self, *args: Any, organisations: Iterable[SupportOrganisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suppliers = self.offer("supplier", organisations, "Select a supplier")

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        data = self.cleaned_data
        return {
            "option": WheelchairOption(data["option"]),
            "starts_on": data["starts_on"],
            "expires_on": data["expires_on"],
            "supplier": self.suppliers.get(data["supplier"]),
            "contribution_amount": data["contribution_amount"] or Decimal(0),
            "repair_amount": data["repair_amount"] or Decimal(0),
        }


class StopDirectPaymentForm(BudgetForm):
    """Stopping a direct payment: why, from when, and how the money is managed then."""

    submit_text = "Stop the direct payment"
    error_nouns: ClassVar[Mapping[str, str]] = {
        "reason": "why it stops",
        "alternatives": "what was offered instead",
        "instead": "how the money is managed from then on",
    }

    reason = forms.ChoiceField(
        label="Why does it stop?",
        choices=StopReason.choices,
        widget=Radios(
            hints={
                reason.value: "It must stop." if is_mandatory(reason) else "It may stop, and the person has notice."
                for reason in StopReason
            }
        ),
    )
    stops_on = NhsDateField(label="First day without a direct payment", help_text=_EXAMPLE)
    notice_given_on = past_date("Date the person was told in writing", required=True)
    explanation = sentences("What reasons does the notice give?", help_text="As the person reads them.")
    alternatives = forms.MultipleChoiceField(
        label="What was offered instead?",
        choices=[(each.value, each.label) for each in ALTERNATIVES],
        widget=Checkboxes(),
    )
    instead = forms.ChoiceField(
        label="How is the money managed from that day?",
        choices=[(each.value, each.label) for each in ALTERNATIVES],
        widget=Radios(hints={each.value: METHOD_HINTS[each] for each in ALTERNATIVES}),
        help_text="The amount stays the same.",
    )

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        data = self.cleaned_data
        return {
            **data,
            "reason": StopReason(data["reason"]),
            "instead": Method(data["instead"]),
            "alternatives": [Method(each) for each in data["alternatives"]],
        }


class FinishStopForm(BudgetForm):
    """Nothing is asked: what was decided when the direct payment was stopped is done."""

    submit_text = "Go on in this way"
