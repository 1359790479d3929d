"""The forms with which an offer of a budget, its answer, or a correction is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from eligibility.enums import AsksFor, OfferChannel, OfferInformation, OfferResponse, WhyNot
from eligibility.models import BudgetOffer, Referral
from eligibility.services.budget_offers import OfferAnswer, OfferMade
from phb_register.forms import Checkboxes, NhsDateField, NhsForm, Radios
from phb_register.models import CommunicationFormat, User
from phb_register.presenters import spoken_date

from .decisions import long_text

EXAMPLE = "For example, 31 3 2026"
MADE = (
    "offered_on",
    "channel",
    "information_given",
    "other_information",
    "communication_format",
    "methods_discussed",
)
ANSWER = ("response", "responded_on", "why_not", "why_not_note", "next_offer_on")


class _AnswerForm(NhsForm):
    """What the person said."""

    error_nouns: ClassVar[dict[str, str]] = {
        "response": "what the person said",
        "responded_on": "date the person answered",
        "why_not": "why the person does not want a budget now",
        "next_offer_on": "date to offer again",
    }

    def add_answer(self, *, may_be_unanswered: bool, offer: BudgetOffer | None = None) -> None:
        """Ask for the answer, starting from what ``offer`` says where it is given."""
        responses = [
            (each.value, each.label)
            for each in OfferResponse
            if may_be_unanswered or each != OfferResponse.NOT_ANSWERED
        ]
        self.fields["response"] = forms.ChoiceField(
            label="What did the person say?",
            choices=responses,
            widget=Radios,
            initial=offer.response if offer else None,
        )
        self.fields["responded_on"] = NhsDateField(
            label="When did they answer?",
            help_text=f"{EXAMPLE}. Leave it empty where they have not answered yet." if may_be_unanswered else EXAMPLE,
            latest="today",
            required=not may_be_unanswered,
            initial=offer.responded_on if offer else None,
        )
        self.fields["why_not"] = forms.ChoiceField(
            label="If not, or not now: why?",
            choices=WhyNot.choices,
            widget=Radios,
            required=False,
            initial=offer.why_not if offer else None,
        )
        self.fields["why_not_note"] = long_text(
            "More about why not", "", required=False, initial=offer.why_not_note if offer else ""
        )
        self.fields["next_offer_on"] = NhsDateField(
            label="When will you offer again?",
            help_text=f"{EXAMPLE}. It then comes back to your work.",
            required=False,
            initial=offer.next_offer_on if offer else None,
        )
        for name in ANSWER:
            self.word_field(name, self.fields[name])

    def answer(self) -> OfferAnswer:
        """What was said, as the service takes it; why not goes only with an answer that needs it."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in ANSWER}
        if given["response"] in (OfferResponse.NOT_ANSWERED, OfferResponse.ACCEPTED):
            given |= {"why_not": "", "why_not_note": ""}
        if given["response"] == OfferResponse.NOT_ANSWERED:
            given["responded_on"] = None
        return OfferAnswer(**given)


class RecordOfferForm(_AnswerForm):
    """Record that somebody was offered a budget, with the answer where there is one already."""

    submit_text = "Record the offer"
    error_nouns: ClassVar[dict[str, str]] = {
        **_AnswerForm.error_nouns,
        "offered_on": "date of the offer",
        "channel": "how the budget was offered",
        "information_given": "what information the person was given",
        "other_information": "what else the person was given",
        "communication_format": "the format",
    }
    reveals: ClassVar[Mapping[tuple[str, str], Sequence[str]]] = {("information_given", "other"): ["other_information"]}

    def __init__(
        self,
        *args: Any,
        communication_format: str,
        referrals: Sequence[Referral] = (),
        offer: BudgetOffer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.add_offer(communication_format)
        self.referrals = {str(each.reference): each for each in referrals}
        if self.referrals and offer is None:
            self.fields["referral"] = forms.ChoiceField(
                label="Does it go with a referral?",
                choices=[
                    *((key, f"Received on {spoken_date(each.received_on)}") for key, each in self.referrals.items()),
                    ("none", "No"),
                ],
                widget=Radios,
                required=False,
                initial=next(iter(self.referrals)) if len(self.referrals) == 1 else "none",
            )
            self.word_field("referral", self.fields["referral"])
        self.add_answer(may_be_unanswered=True, offer=offer)
        for name, field in self.fields.items():
            self.word_field(name, field)

    def add_offer(self, communication_format: str) -> None:
        """Ask how the offer was made."""
        was = self.offer
        self.fields["offered_on"] = NhsDateField(
            label="When was a budget offered?",
            help_text=EXAMPLE,
            latest="today",
            initial=was.offered_on if was else self.today,
        )
        self.fields["channel"] = forms.ChoiceField(
            label="How was it offered?",
            choices=OfferChannel.choices,
            widget=Radios,
            initial=was.channel if was else None,
        )
        self.fields["information_given"] = forms.MultipleChoiceField(
            label="What information was the person given?",
            choices=OfferInformation.choices,
            widget=Checkboxes,
            initial=was.information_given if was else None,
        )
        self.fields["other_information"] = forms.CharField(
            label="What else?", max_length=200, initial=was.other_information if was else ""
        )
        self.fields["communication_format"] = forms.ChoiceField(
            label="In which format?",
            choices=CommunicationFormat.choices,
            widget=Radios,
            initial=was.communication_format if was else communication_format,
        )
        self.fields["methods_discussed"] = forms.MultipleChoiceField(
            label="Which ways of holding the money were discussed?",
            choices=AsksFor.choices,
            widget=Checkboxes,
            required=False,
            initial=was.methods_discussed if was else None,
        )

    def made(self, by: User) -> OfferMade:
        """How it was offered, as the service takes it: by the user, or by whoever made the offer corrected."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in MADE}
        return OfferMade(offered_by=self.offer.offered_by if self.offer else by, **given)

    def referral(self) -> Referral | None:
        """The referral it goes with."""
        return self.referrals.get(self.cleaned_data.get("referral", ""))


class AnswerOfferForm(_AnswerForm):
    """Record what the person said to an offer."""

    submit_text = "Record the answer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_answer(may_be_unanswered=False)


class CorrectOfferForm(RecordOfferForm):
    """Put a wrong record of an offer right."""

    submit_text = "Save the correction"
    error_nouns: ClassVar[dict[str, str]] = {**RecordOfferForm.error_nouns, "correction_note": "what was wrong"}

    def __init__(self, *args: Any, offer: BudgetOffer, **kwargs: Any) -> None:
        super().__init__(*args, offer=offer, communication_format=offer.communication_format, **kwargs)
        self.fields["correction_note"] = long_text("What was wrong?", "Enter what was wrong")
        self.word_field("correction_note", self.fields["correction_note"])

    def note(self) -> str:
        """What was wrong."""
        return str(self.cleaned_data["correction_note"])
