"""What is asked to open a consultation, to comment on a draft, and to answer."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from offers.models import ConsultationComment
from offers.models.consultations import LONGEST_COMMENT
from offers.rules.comment_states import SetAsideReason, SpokenAs
from phb_register.forms import TODAY, NhsDateField, NhsForm, Radios, YesNoField
from phb_register.forms.public import PublicForm

NO_NAMES = "Do not write names, addresses, or anything else that tells who somebody is."


class OpenConsultationForm(NhsForm):
    """For how long a draft is put to the public, and what the team would like to know."""

    submit_text = "Open the consultation"
    error_nouns = {"introduction": "what you would like to know"}
    opens_on = NhsDateField(label="First day", earliest=TODAY, help_text="From this day everybody can read the draft")
    closes_on = NhsDateField(label="Last day", earliest=TODAY, help_text="Comments are taken to the end of this day")
    introduction = forms.CharField(
        label="What would you like to know?",
        required=False,
        max_length=3000,
        help_text="In plain English. It stands above the draft.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class LengthenForm(NhsForm):
    """A later last day."""

    submit_text = "Save the last day"
    closes_on = NhsDateField(label="Last day", earliest=TODAY)


class InviteForm(NhsForm):
    """Users to be asked for a comment."""

    submit_text = "Send the invitations"
    error_nouns = {"addresses": "the e-mail addresses"}
    addresses = forms.CharField(
        label="E-mail addresses",
        max_length=5000,
        help_text="Of users of this register, each on a line of its own. Anybody else can comment on the public page.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_addresses(self) -> list[str]:
        """Each address by itself."""
        text: str = self.cleaned_data["addresses"]
        return text.replace(",", "\n").replace(";", "\n").split()


class CommentFields(NhsForm):
    """What a comment consists of. `headings` are those of the sections put to the public, by their kind."""

    submit_text = "Send your comment"
    error_nouns = {"section": "which part your comment is about", "organisation": "the name of the organisation"}
    reveals = {("spoken_as", SpokenAs.ORGANISATION.value): ["organisation"]}
    section = forms.ChoiceField(label="Which part is your comment about?", required=False)
    words = forms.CharField(
        label="Your comment",
        max_length=LONGEST_COMMENT,
        help_text=f"{NO_NAMES} We read every comment before others can, and answer it on the page of the consultation.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    spoken_as = forms.ChoiceField(
        label="Who are you?",
        required=False,
        choices=SpokenAs.choices,
        widget=Radios,
        help_text="Shown beside your comment.",
    )
    organisation = forms.CharField(
        label="Name of the organisation", max_length=150, help_text="Shown beside your comment."
    )

    def __init__(self, *args: Any, headings: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", "The whole local offer"), *headings.items()]  # type: ignore[attr-defined]

    @property
    def comment(self) -> dict[str, Any]:
        """What was written, as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("section", "words", "spoken_as", "organisation")}


class PublicCommentForm(PublicForm, CommentFields):
    """A comment of somebody from the public."""

    purpose = "comment"
    field_order = ("section", "words", "spoken_as", "organisation", "token")


class InvitedCommentForm(CommentFields):
    """A comment of an invited user."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ShowForm(NhsForm):
    """A comment as the public is to read it."""

    submit_text = "Show it"
    error_nouns = {"shown_words": "the comment as it is to be shown"}
    shown_words = forms.CharField(
        label="As the public reads it",
        max_length=LONGEST_COMMENT,
        help_text="Take out what tells who somebody is, and put […] in its place. What was sent is kept as it is, for "
        "your team only.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class SetAsideForm(NhsForm):
    """Why a comment is not shown."""

    submit_text = "Set it aside"
    error_nouns = {"reason": "why it is set aside"}
    reason = forms.ChoiceField(label="Why is it not shown?", choices=SetAsideReason.choices, widget=Radios)
    note = forms.CharField(
        label="Note for your team", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(NhsForm):
    """What comes of a comment."""

    submit_text = "Answer on the record"
    error_nouns = {"answer": "the answer", "is_offer_changed": "whether the local offer was changed"}
    answer = forms.CharField(
        label="What do you say?",
        max_length=LONGEST_COMMENT,
        help_text="Everybody reads it under the comment, and in the edition once it is published.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    is_offer_changed = YesNoField(label="Was the local offer changed for it?")


def form_for_step(verb: str, comment: ConsultationComment, sent: Any) -> NhsForm:
    """The form of one step of a comment, with what is there already."""
    if verb == "show":
        return ShowForm(sent, initial={"shown_words": comment.shown_words or comment.words})
    if verb == "set-aside":
        return SetAsideForm(sent)
    return AnswerForm(sent, initial={"answer": comment.answer, "is_offer_changed": comment.is_offer_changed})
