"""The forms with which the lines of a support plan are written: outcomes, services, risks, delegated tasks."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgets.enums import ExceptionReason, Method, PayeeRelationship, Recurrence, ServiceCategory
from budgets.models import PlanOutcome, PlanService, SupportOrganisation
from budgets.models.plan_parts import PlanPart
from budgets.rules.plan_purchases import Prohibited, recognised
from phb_register.forms import MoneyField, Radios

from .agreement import METHOD_HINTS
from .support_plans import LONGEST_TEXT, PlanForm, long_text

ALL_OUTCOMES = "all"
NOT_LISTED = "not-listed"
SHARES_HOME = "_at_home"


class LineForm(PlanForm):
    """A form of one line. `key` is given when the page is opened, so that a line sent twice is added once."""

    plain_fields: ClassVar[tuple[str, ...]] = ()

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again"})

    @classmethod
    def initial_of(cls, line: PlanPart | None) -> dict[str, Any]:
        """What the form shows of a line; of none, the key that its first one will have."""
        if line is None:
            return {"key": uuid.uuid4(), "revision": 0}
        shown = {name: getattr(line, name) for name in cls.plain_fields}
        return {**shown, "key": line.key, "revision": line.revision}


class OutcomeForm(LineForm):
    """One outcome."""

    plain_fields = ("statement", "how_met")

    statement = long_text("What does the person want to achieve, in their own words?", rows=4, required=True)
    how_met = long_text("How is it met?", help_text="What will be done, by whom, how often", rows=4, required=True)
    error_nouns: ClassVar[dict[str, str]] = {
        "statement": "the outcome, in the person’s own words",
        "how_met": "how it is met",
    }


class RiskForm(LineForm):
    """One significant risk."""

    plain_fields = ("risk", "how_managed", "managed_by")

    risk = long_text("What is the risk?", rows=3, required=True)
    how_managed = long_text("How is it managed?", rows=4, required=True)
    managed_by = forms.CharField(label="Who manages it", max_length=150, required=False)
    error_nouns: ClassVar[dict[str, str]] = {"risk": "the risk", "how_managed": "how it is managed"}


class TaskForm(LineForm):
    """One healthcare task that is delegated to a personal assistant."""

    plain_fields = ("task", "assistant_name", "when_to_stop")

    task = forms.CharField(
        label="Healthcare task",
        max_length=200,
        help_text="One task a line, for example, giving a medicine by injection, or changing a dressing",
    )
    assistant_name = forms.CharField(label="Personal assistant who does it", max_length=150)
    when_to_stop = long_text(
        "When does the assistant stop and ask for help?", help_text="And whom they call, at any hour", rows=4
    )


#: Whether whoever is paid is close to the person, in one question.
_WHO = {
    PayeeRelationship.NOT_CONNECTED.value: "No, neither a family member nor a friend",
    PayeeRelationship.FAMILY.value: "Yes, a family member who lives elsewhere",
    f"{PayeeRelationship.FAMILY.value}{SHARES_HOME}": "Yes, a family member who lives with the person",
    PayeeRelationship.FRIEND.value: "Yes, a friend who lives elsewhere",
    f"{PayeeRelationship.FRIEND.value}{SHARES_HOME}": "Yes, a friend who lives with the person",
}


class ServiceForm(LineForm):
    """One service to be bought. What only some lines need is asked once the answers call for it."""

    plain_fields = ("description", "why_not_prohibited", "category", "provider_name", "method", "recurrence", "amount",
                    "exception_reason", "exception_necessity")  # fmt: skip
    error_nouns: ClassVar[dict[str, str]] = {
        "category": "what kind of service it is",
        "method": "how the money for it is managed",
        "recurrence": "how often it costs this",
        "who": "whether the payee is a family member or friend",
        "outcome": "the outcome it is for",
        "provider": "the organisation, or “not listed”",
    }

    description = forms.CharField(
        label="What is bought?", max_length=300, error_messages={"required": "Enter what is bought"}
    )
    category = forms.ChoiceField(label="What kind of service is it?", widget=forms.Select)
    why_not_prohibited = long_text(
        "Why can it be bought?",
        help_text="Its words look like something that a personal health budget cannot buy. Say what it is instead.",
        rows=3,
    )
    outcome = forms.ChoiceField(label="Which outcome is it for?", widget=Radios())
    provider = forms.ChoiceField(label="Who provides it?", widget=forms.Select)
    provider_name = forms.CharField(
        label="Name of the provider, if not listed",
        max_length=200,
        required=False,
        help_text="Or the name of the personal assistant",
    )
    who = forms.ChoiceField(
        label="Is whoever is paid a family member or a friend?", choices=list(_WHO.items()), widget=Radios()
    )
    method = forms.ChoiceField(
        label="How is the money for it managed?",
        choices=Method.choices,
        widget=Radios(hints={method.value: hint for method, hint in METHOD_HINTS.items()}),
    )
    amount = MoneyField(label="Amount")
    recurrence = forms.ChoiceField(
        label="How often does it cost this?", choices=Recurrence.choices, widget=Radios(is_inline=True)
    )
    exception_reason = forms.ChoiceField(
        label="Why is it necessary to pay somebody of the same household?",
        choices=ExceptionReason.choices,
        widget=Radios(),
        required=False,
        help_text=(
            "A direct payment does not do so otherwise (regulation 8(5A) and (5B) of the NHS (Direct Payments) "
            "Regulations 2013). Somebody else has to approve it."
        ),
    )
    exception_necessity = forms.CharField(
        label="Why can nobody else meet the need?",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[PlanOutcome],
        organisations: Sequence[SupportOrganisation],
        prohibited: Sequence[Prohibited],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes = {str(each.key): each for each in outcomes}
        self.organisations = {str(each.reference): each for each in organisations}
        outcome, provider, category = (self._choice(name) for name in ("outcome", "provider", "category"))
        listed = [(key, each.statement) for key, each in self.outcomes.items()]
        outcome.choices = [*listed, (ALL_OUTCOMES, "All of them")]
        provider.choices = [
            (NOT_LISTED, "Not listed"),
            *((key, each.name) for key, each in self.organisations.items()),
        ]
        category.choices = [
            ("", "Select"),
            *ServiceCategory.choices,
            *((each.choice, f"Cannot be bought: {each.label}") for each in prohibited),
        ]
        self._leave_out(prohibited)

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  as declared above
        return field

    def _leave_out(self, prohibited: Sequence[Prohibited]) -> None:
        """Ask only where it matters about the household, and why something suspicious can be bought."""
        said = f"{self._said('description')} {self._said('provider_name')}"
        if not self._said("why_not_prohibited") and not recognised(said, prohibited):
            del self.fields["why_not_prohibited"]
        if not (self._said("who").endswith(SHARES_HOME) and self._said("method") == Method.DIRECT_PAYMENT):
            del self.fields["exception_reason"], self.fields["exception_necessity"]

    def _said(self, name: str) -> str:
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name, "") or "")

    @classmethod
    def initial_of(cls, line: PlanPart | None) -> dict[str, Any]:
        """What the form shows of a service; a new one is for all outcomes and of nobody close, until it is said."""
        shown = super().initial_of(line)
        if not isinstance(line, PlanService):
            return {**shown, "provider": NOT_LISTED}
        return {
            **shown,
            "outcome": str(line.outcome.key) if line.outcome else ALL_OUTCOMES,
            "provider": str(line.provider.reference) if line.provider else NOT_LISTED,
            "who": f"{line.relationship}{SHARES_HOME if line.lives_in_same_household else ''}",
        }

    def values(self) -> dict[str, Any]:
        """What the service is called with: the outcome and organisation themselves, the payee in its two parts."""
        typed = super().values()
        who = typed.pop("who")
        return {
            **typed,
            "outcome": self.outcomes.get(typed["outcome"]),
            "provider": self.organisations.get(typed["provider"]),
            "relationship": who.removesuffix(SHARES_HOME),
            "lives_in_same_household": who.endswith(SHARES_HOME),
        }
