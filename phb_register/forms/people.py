"""Forms about people and those who act for them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from phb_register.forms import TODAY, NhsDateField, NhsForm, NhsModelForm, NhsNumberField, Radios
from phb_register.models import LegalBasis, Person
from phb_register.rules import normal_postcode

REASON_FIELD = "nhs_number_missing_reason"
SAME_AS = "same_as"
NOBODY = "nobody"


class PersonSearchForm(NhsForm):
    """Finding people on the register."""

    submit_text = "Search"
    mark_optional = False

    words = forms.CharField(
        label="Name or NHS number",
        required=False,
        max_length=100,
        help_text="Part of a name is enough. Search for nothing to see everybody.",
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )


class PersonForm(NhsModelForm):
    """A person's details. The fields are the same when registering a person and when correcting one."""

    people: Mapping[str, Person] = {}
    error_nouns: ClassVar[dict[str, str]] = {REASON_FIELD: "why there is no NHS number"}

    nhs_number = NhsNumberField(required=False)
    born_on = NhsDateField(label="Date of birth", latest=TODAY, help_text="For example, 31 3 1980")
    died_on = NhsDateField(label="Date of death", latest=TODAY, required=False)

    class Meta:
        model = Person
        fields = (
            "nhs_number",
            REASON_FIELD,
            "given_name",
            "family_name",
            "born_on",
            "sex",
            "ethnic_category",
            "postcode",
            "gp_practice",
            "communication_format",
            "died_on",
        )
        widgets: ClassVar[dict[str, Any]] = {"sex": Radios(), "communication_format": Radios()}

    def clean_nhs_number(self) -> str | None:
        """None rather than an empty text, which would be a number that two people share."""
        return self.cleaned_data["nhs_number"] or None

    def clean_postcode(self) -> str:
        """In capitals with its space; the NHS's own for "not known" and "no fixed abode" are taken."""
        typed = self.cleaned_data["postcode"]
        if typed and normal_postcode(typed) is None:
            raise forms.ValidationError("Enter a full UK postcode, like LE1 1AA, or ZZ99 3WZ if it is not known")
        return normal_postcode(typed) or ""

    def clean_gp_practice(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["gp_practice"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """One of NHS number and reason, never both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number, reason = cleaned.get("nhs_number"), cleaned.get(REASON_FIELD)
        if not number and not reason and "nhs_number" not in self.errors:
            self.add_error("nhs_number", "Enter the NHS number, or select below why it is not known")
        if number and reason:
            self.add_error(REASON_FIELD, "Clear the reason, or clear the NHS number: only one of them can be right")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields that were changed, with their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.Meta.fields}

    def ask_about(self, people: Sequence[Person]) -> bool:
        """Ask whether the person is one of these who are alike; returns whether that was answered.

        The question stands first, and everything typed stays where it is.
        """
        field = forms.ChoiceField(
            label="Is it one of these people?",
            help_text="They have a similar name and date of birth.",
            choices=[
                *((str(each.reference), each.display_line) for each in people),
                (NOBODY, "No, it is somebody else"),
            ],
            widget=Radios,
            error_messages={"required": "Select whether it is one of these people, or somebody else"},
        )
        self.fields[SAME_AS] = field
        self.word_field(SAME_AS, field)
        self.order_fields([SAME_AS])
        self.people = {str(each.reference): each for each in people}
        self.full_clean()
        return self.is_valid()

    @property
    def same_as(self) -> Person | None:
        """Whom the user said the person is; None for somebody else."""
        return self.people.get(self.cleaned_data.get(SAME_AS, ""))


class RepresentativeForm(NhsForm):
    """Somebody who acts for a person."""

    submit_text = "Save"

    name = forms.CharField(label="Full name", max_length=200)
    relationship = forms.CharField(label="Relationship to the person", max_length=100)
    legal_basis = forms.ChoiceField(
        label="Legal basis",
        choices=LegalBasis.choices,
        widget=Radios(),
        help_text="What lets them act for the person (2013 Regulations, regulations 4 to 6).",
    )
    evidence_seen_on = NhsDateField(label="Date you saw the evidence", latest=TODAY)
    starts_on = NhsDateField(label="First day they act for the person")


class EndRepresentativeForm(NhsForm):
    """Somebody no longer acting for a person."""

    submit_text = "Save"

    ends_on = NhsDateField(label="First day they no longer act for the person")
