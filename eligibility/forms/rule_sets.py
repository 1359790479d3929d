"""The forms in which a commissioner's rule sets and their versions are written."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from eligibility.enums import ApprovalStatus
from eligibility.models import RuleSet, RuleSetVersion
from eligibility.rules import Funding, Outcome, RuleSetStatus, WarningKind
from eligibility.rules.located_json import NotJson, parse
from eligibility.rules.rule_sets import Moment
from eligibility.selectors.rule_set_pages import (
    commissioners_with_rules,
    with_version,
    with_version_today,
)
from offers.models import Cohort
from offers.selectors.cohorts import cohorts_for
from phb_register import clock
from phb_register.forms import NhsDateField, NhsForm, Radios
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

NATIONAL = "national"
EMPTY = "empty"
OUTCOMES = [
    (outcome.value, outcome.words.capitalize())
    for outcome in (Outcome.RIGHT_TO_HAVE, Outcome.RIGHT_TO_ASK, Outcome.MAY_REQUEST, Outcome.MAY_BE_CONSIDERED)
]
STATEMENT = "Only says what the paper says: the law gives rights, so nobody gets more by it."
OUTCOME_HINTS = {
    Outcome.RIGHT_TO_HAVE.value: STATEMENT,
    Outcome.RIGHT_TO_ASK.value: STATEMENT,
    Outcome.MAY_REQUEST.value: "The commissioner offers budgets to this cohort.",
    Outcome.MAY_BE_CONSIDERED.value: "The commissioner decides case by case.",
}
FUNDINGS = [
    (Funding.NHS.value, "The NHS alone"),
    (Funding.INTEGRATED_LIKELY.value, "Probably the NHS and the local authority together"),
    (Funding.NOT_SETTLED.value, "Not settled"),
]
_LONG = {"rows": 3}
_WIDE = {"class": "nhsuk-input--width-30"}


class RuleSetFilterForm(NhsForm):
    """The form of the list's filters."""

    form_method = "get"
    submit_text = "Filter"
    mark_optional = False


def _cohorts(request: HttpRequest) -> QuerySet[Cohort]:
    return cohorts_for(request.user, Permission.VIEW_RULES)


class RuleSetFilter(django_filters.FilterSet):
    """Which rule sets the list shows. Give it the request, for the user's choices."""

    owner = django_filters.ChoiceFilter(label="Whose", method="by_owner", empty_label="All")
    cohort = django_filters.ModelChoiceFilter(
        label="Cohort", queryset=_cohorts, to_field_name="code", empty_label="All"
    )
    status = django_filters.ChoiceFilter(
        label="Status",
        method="by_status",
        empty_label="All",
        choices=[
            (RuleSetStatus.IN_FORCE.value, "In force today"),
            (RuleSetStatus.PROPOSED.value, "Proposed today"),
            (ApprovalStatus.SUBMITTED.value, "With a version waiting for approval"),
            (ApprovalStatus.DRAFT.value, "With a draft"),
        ],
    )

    class Meta:
        model = RuleSet
        form = RuleSetFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = [(body.code, str(body)) for body in commissioners_with_rules(self.request.user)]
        self.filters["owner"].extra["choices"] = [(NATIONAL, "National (the law)"), *owners]

    def by_owner(self, rows: QuerySet[RuleSet], name: str, value: str) -> QuerySet[RuleSet]:
        """The law's, or those of one commissioner or partnership."""
        if value == NATIONAL:
            return rows.filter(commissioner=None)
        return rows.filter(commissioner__code=value)

    def by_status(self, rows: QuerySet[RuleSet], name: str, value: str) -> QuerySet[RuleSet]:
        """By what holds today, or by what is on its way."""
        if value in ApprovalStatus.values:
            return with_version(rows, value)
        return with_version_today(rows, clock.today(), value)


class RuleSetForm(NhsForm):
    """A new rule set."""

    submit_text = "Add the rule set"
    error_nouns = {"commissioner": "whose criteria they are", "cohort": "which cohort they are about"}
    title = forms.CharField(
        label="Who is it about?",
        max_length=160,
        help_text="In a few words, for example Adults with a brain injury",
        error_messages={"required": "Enter who it is about"},
    )
    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Which cohort of the local offer?",
        queryset=None,
        empty_label="Select a cohort",
        help_text="The timeline of the local offer says from when the cohort can have budgets.",
    )
    commissioner: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Whose criteria are they?", queryset=None, empty_label="Select a commissioner", to_field_name="code"
    )

    def __init__(self, *args: Any, user: User, commissioners: QuerySet[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].queryset = commissioners  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = cohorts_for(user, Permission.WRITE_RULES)  # type: ignore[attr-defined]


class StartVersionForm(NhsForm):
    """A new version: from what it starts, from when it is to hold, and why."""

    submit_text = "Start the version"
    error_nouns = {"copy_of": "what to start from"}
    copy_of = forms.ChoiceField(label="What do you start from?", widget=Radios)
    effective_from = NhsDateField(
        label="First day",
        help_text="After today, if another version holds today. For example, 1 4 2027",
    )
    change_note = forms.CharField(
        label="What changes, and why?",
        max_length=2000,
        widget=forms.Textarea(attrs=_LONG),
        help_text="The approver reads this.",
    )

    def __init__(self, *args: Any, versions: Iterable[RuleSetVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.number): version for version in versions}
        choices = [(number, _described(version)) for number, version in self.versions.items()]
        self.fields["copy_of"].choices = [*choices, (EMPTY, "Nothing: an empty version")]  # type: ignore[attr-defined]

    @property
    def source(self) -> RuleSetVersion | None:
        """The version to copy, if any."""
        return self.versions.get(self.cleaned_data["copy_of"])


def _described(version: RuleSetVersion) -> str:
    return f"Version {version.number} ({version.get_approval_status_display().lower()})"


class RevisionForm(NhsForm):
    """A form about a draft: it says which revision its user has seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class DetailsForm(RevisionForm):
    """What a version says beside its criteria."""

    submit_text = "Save the details"
    error_nouns = {"outcome": "what people who meet the criteria get", "status": "whether the criteria are in force"}
    effective_from = NhsDateField(label="First day", help_text="For example, 1 4 2027")
    effective_to = NhsDateField(
        label="Last day", required=False, help_text="Leave it empty if they hold until another version takes over."
    )
    status = forms.ChoiceField(
        label="Are the criteria in force?",
        choices=[(RuleSetStatus.IN_FORCE.value, "In force"), (RuleSetStatus.PROPOSED.value, "Proposed")],
        widget=Radios(hints={"proposed": "Proposed criteria never give more than “may be considered”."}),
    )
    outcome = forms.ChoiceField(
        label="What do people who meet the criteria get?", choices=OUTCOMES, widget=Radios(hints=OUTCOME_HINTS)
    )
    says = forms.CharField(
        label="Sentence that explains it",
        max_length=1000,
        widget=forms.Textarea(attrs=_LONG),
        help_text="Staff, the person and letters get it as you write it.",
    )
    source = forms.CharField(label="Source", max_length=300, help_text="The paper and the paragraph")
    funding_kind = forms.ChoiceField(
        label="Who is likely to pay?", choices=FUNDINGS, error_messages={"required": "Select who is likely to pay"}
    )
    funding_text = forms.CharField(
        label="About who pays", required=False, max_length=1000, widget=forms.Textarea(attrs=_LONG)
    )
    funding_source = forms.CharField(label="Source of who pays", required=False, max_length=300)
    change_note = forms.CharField(
        label="What changes, and why",
        max_length=2000,
        widget=forms.Textarea(attrs=_LONG),
        help_text="The approver reads this.",
    )

    def clean(self) -> dict[str, Any]:
        """A last day comes after the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("effective_from"), cleaned.get("effective_to")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            self.add_error("effective_to", "Last day must be on or after the first day")
        return cleaned


#: What a version's own warnings are about, those that versions mostly have first.
WARNING_WORDS = [
    (WarningKind.LOCAL.value, "The local paper says something else"),
    (WarningKind.AGE.value, "Age"),
    (WarningKind.FAST_TRACK.value, "Fast track"),
    (WarningKind.CARE_HOME.value, "Care home"),
    (WarningKind.JOINT_FUNDING.value, "Joint funding"),
    (WarningKind.CONTINUING_CARE.value, "Continuing care"),
    (WarningKind.FACTS_DISAGREE.value, "The answers do not fit together"),
    (WarningKind.READING.value, "The criteria can be read in more than one way"),
    (WarningKind.COMMISSIONER.value, "Commissioner"),
]


class WarningForm(NhsForm):
    """A warning of a version. ``carried`` is what the page does not ask: criteria of its own."""

    submit_text = None
    mark_optional = False
    error_nouns = {"kind": "what the warning is about", "at": "when it is given"}
    carried = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="Warning", max_length=1000, widget=forms.Textarea(attrs=_LONG))
    kind = forms.ChoiceField(label="What is it about?", choices=[("", "Select an answer"), *WARNING_WORDS])
    at = forms.ChoiceField(
        label="When is it given?",
        choices=[
            ("", "Select an answer"),
            (Moment.MET.value, "When the criteria are met"),
            (Moment.NOT_MET.value, "When they are not met"),
        ],
    )
    source = forms.CharField(label="Source", max_length=300)
    is_removed = forms.BooleanField(label="Remove this warning", required=False)

    def clean_carried(self) -> dict[str, Any]:
        """What the page was given, which only a changed page can have spoilt."""
        try:
            found = parse(self.cleaned_data["carried"] or "{}")
        except NotJson as error:
            raise forms.ValidationError("Open this page again") from error
        if not isinstance(found, dict):
            raise forms.ValidationError("Open this page again")
        return found

    def clean(self) -> dict[str, Any]:
        """A warning that goes need not be right."""
        return _unless_removed(self, super().clean())


class ConditionForm(NhsForm):
    """A condition that the local offer makes on direct payments."""

    submit_text = None
    mark_optional = False
    text = forms.CharField(label="Condition", max_length=1000, widget=forms.Textarea(attrs=_LONG))
    source = forms.CharField(label="Source", max_length=300)
    is_removed = forms.BooleanField(label="Remove this condition", required=False)

    def clean(self) -> dict[str, Any]:
        """A condition that goes need not be right."""
        return _unless_removed(self, super().clean())


def _unless_removed(form: forms.Form, cleaned: dict[str, Any] | None) -> dict[str, Any]:
    found = cleaned or {}
    if found.get("is_removed"):
        form.errors.clear()
    return found


# Each form takes a while to draw, so a request that asks for thousands is refused.
_MOST = 100
WarningFormSet = forms.formset_factory(WarningForm, extra=1, absolute_max=_MOST, max_num=_MOST)
ConditionFormSet = forms.formset_factory(ConditionForm, extra=1, absolute_max=_MOST, max_num=_MOST)


class MoveForm(NhsForm):
    """A confirm page of a version's life, which asks why where that is needed."""

    def __init__(self, *args: Any, button: str, asks_why: bool, **kwargs: Any) -> None:
        self.submit_text = button  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        if asks_why:
            self.fields["reason"] = forms.CharField(
                label="Reason",
                max_length=2000,
                widget=forms.Textarea(attrs=_LONG),
                error_messages={"required": "Enter the reason"},
            )


class FileForm(NhsForm):
    """A file of a rule set or of cases: chosen, or pasted as text."""

    submit_text = "Import"
    file = forms.FileField(label="File", required=False, help_text="A JSON file of at most 2 MB")
    text = forms.CharField(
        label="Or its text", required=False, widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "false"})
    )
    largest = 2 * 1024 * 1024

    def clean(self) -> dict[str, Any]:
        """The text, whichever way it came."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None:
            try:
                if file.size > self.largest:
                    self.add_error("file", "The file must be smaller than 2 MB")
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "The file must be text in UTF-8. Save it so, and choose it again")
        elif not cleaned.get("text") and not self.errors:
            self.add_error("file", "Select a file, or paste its text")
        return cleaned


class CaseFileForm(FileForm, RevisionForm):
    """The worked cases of a draft as a file."""

    submit_text = "Replace the worked cases"


class ImportRuleSetForm(FileForm):
    """A file of a rule set, and whose it is to become."""

    submit_text = "Import the rule set"
    error_nouns = {"commissioner": "whose criteria they are"}
    commissioner: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Whose criteria do they become?", queryset=None, empty_label="Select a commissioner", to_field_name="code"
    )
    field_order = ["commissioner", "file", "text"]

    def __init__(self, *args: Any, commissioners: QuerySet[Commissioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commissioner"].queryset = commissioners  # type: ignore[attr-defined]
