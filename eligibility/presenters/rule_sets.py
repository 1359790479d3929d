"""Rule sets and their versions on pages: tables, tags, details, what happened, buttons."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from eligibility.enums import ApprovalStatus, VersionPart
from eligibility.models import RuleSet, RuleSetVersion, RuleSetVersionEdit, RuleSetVersionTransition
from eligibility.rules import Funding, Outcome, RuleSetStatus, WarningKind
from eligibility.rules.rule_set_states import VersionTransition
from eligibility.selectors.rule_set_pages import ListedRuleSet
from phb_register.presenters import counted, spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .answers import FUNDINGS, WARNINGS, Tag

APPROVAL_TAGS: dict[str, str] = {
    ApprovalStatus.DRAFT: "nhsuk-tag--grey",
    ApprovalStatus.SUBMITTED: "nhsuk-tag--blue",
    ApprovalStatus.APPROVED: "nhsuk-tag--green",
    ApprovalStatus.WITHDRAWN: "nhsuk-tag--red",
}
DONE: dict[str, str] = {
    "start": "Started",
    "submit": "Submitted for approval",
    "send-back": "Sent back",
    "approve": "Approved",
    "withdraw": "Withdrawn",
}
NATIONAL = "National (the law)"


@dataclass(frozen=True)
class MoveWords:
    """The confirm page of something done to a version, and what is said once it is done."""

    heading: str
    explanation: str
    button: str
    done: str


MOVE_WORDS: dict[str, MoveWords] = {
    "submit": MoveWords(
        "Submit version {number} for approval",
        "Nobody can edit it then. Somebody who had no hand in it approves it, or sends it back.",
        "Submit for approval",
        "Version {number} is submitted for approval",
    ),
    "send-back": MoveWords(
        "Send back version {number}",
        "It becomes a draft again. Say what is to be changed.",
        "Send back",
        "Version {number} is sent back",
    ),
    "approve": MoveWords(
        "Approve version {number}",
        "From its first day people are screened by it. It is never edited again: another version takes over from it.",
        "Approve",
        "Version {number} is approved",
    ),
    "withdraw": MoveWords(
        "Withdraw version {number}",
        "Nobody will be screened by it. It stays on record, with your reason.",
        "Withdraw",
        "Version {number} is withdrawn",
    ),
}


def whose(rule_set: RuleSet) -> str:
    """The commissioner or partnership a rule set belongs to, or the law."""
    return str(rule_set.commissioner) if rule_set.commissioner else NATIONAL


def rule_set_url(rule_set: RuleSet) -> str:
    """The rule set's own page."""
    return reverse("eligibility:rule-set", args=[rule_set.code])


def version_url(version: RuleSetVersion, page: str = "version") -> str:
    """A version's page, or one of the pages of it."""
    return reverse(f"eligibility:rule-set-{page}", args=[version.rule_set.code, version.number])


def approval_tag(version: RuleSetVersion) -> Tag:
    """The tag of a version's approval status."""
    return Tag(version.get_approval_status_display(), APPROVAL_TAGS[version.approval_status])


def status_words(version: RuleSetVersion) -> str:
    """Whether its criteria are in force or proposed."""
    return "In force" if version.status == RuleSetStatus.IN_FORCE else "Proposed"


def dates_words(version: RuleSetVersion) -> str:
    """The days it is for."""
    first = spoken_date(version.effective_from)
    return f"{first} to {spoken_date(version.effective_to)}" if version.effective_to else f"From {first}"


def gives_words(version: RuleSetVersion) -> str:
    """What people who meet the criteria get."""
    return Outcome(version.outcome).words.capitalize()


# ------------------------------------------------------------------ the list and one rule set


def list_table(rows: Iterable[ListedRuleSet]) -> dict[str, Any]:
    """The table of rule sets."""
    return table_params(
        _LIST_COLUMNS, rows, caption="Rule sets", caption_classes="nhsuk-u-visually-hidden", is_responsive=True
    )


def _today_words(row: ListedRuleSet) -> str:
    if row.today is None:
        return "Nothing"
    is_quoted = not row.rule_set.is_national and Outcome(row.today.outcome).is_legal_right
    gives = f"quotes a {gives_words(row.today).lower()}" if is_quoted else gives_words(row.today).lower()
    return f"{status_words(row.today)}: {gives} (version {row.today.number})"


def _coming_words(row: ListedRuleSet) -> str:
    coming = [f"Version {row.next.number} from {spoken_date(row.next.effective_from)}"] if row.next else []
    for version in row.on_their_way:
        by = f" of {version.prepared_by.full_name}" if version.prepared_by else ""
        is_draft = version.approval_status == ApprovalStatus.DRAFT
        coming.append(f"Version {version.number}: {'draft' if is_draft else 'waiting for approval'}{by}")
    return "; ".join(coming) or "–"


_LIST_COLUMNS: list[Column[ListedRuleSet]] = [
    Column("Rule set", lambda row: row.rule_set.title, link=lambda row: rule_set_url(row.rule_set)),
    Column("Cohort", lambda row: row.rule_set.cohort.name),
    Column("Whose", lambda row: whose(row.rule_set)),
    Column("Today", _today_words),
    Column("To come", _coming_words),
]


def versions_table(versions: Sequence[RuleSetVersion], today: dt.date) -> dict[str, Any]:
    """The versions of a rule set, the newest first."""
    columns: list[Column[RuleSetVersion]] = [
        Column("Version", lambda row: f"Version {row.number}", link=version_url),
        Column("Approval", lambda row: row.get_approval_status_display()),
        Column("Days", dates_words),
        Column("Status", status_words),
        Column("Gives", gives_words),
        Column("Prepared by", lambda row: row.prepared_by.full_name if row.prepared_by else "Came with the register"),
        Column("Approved by", lambda row: row.approved_by.full_name if row.approved_by else "–"),
    ]
    return table_params(
        columns, versions, caption="Versions", caption_classes="nhsuk-u-visually-hidden", is_responsive=True
    )


def rule_set_rows(rule_set: RuleSet) -> list[dict[str, Any]]:
    """What all versions of a rule set share."""
    return summary([("Cohort", rule_set.cohort.name), ("Whose", whose(rule_set)), ("Code", rule_set.code)])


# ------------------------------------------------------------------ one version


def version_rows(version: RuleSetVersion) -> list[dict[str, Any]]:
    """A version's details."""
    content = version.content
    funding = content.get("funding") or {}
    rows: list[tuple[str, Any]] = [
        ("Days", dates_words(version)),
        ("Criteria", status_words(version)),
        ("Gives", gives_words(version)),
        ("In words", content.get("says")),
        ("Source", version.source),
        ("Who pays", _funding_words(funding)),
        ("What changes, and why", version.change_note),
        ("Prepared by", version.prepared_by.full_name if version.prepared_by else "Came with the register"),
    ]
    if version.approved_by and version.approved_at:
        rows.append(("Approved by", f"{version.approved_by.full_name}, {spoken_moment(version.approved_at)}"))
    if version.supersedes:
        rows.append(("Takes over from", f"Version {version.supersedes.number}"))
    return summary(row for row in rows if row[0] != "What changes, and why" or row[1])


def _funding_words(funding: dict[str, Any]) -> str:
    try:
        kind = FUNDINGS[Funding(str(funding.get("kind") or "nhs"))]
    except ValueError:
        kind = str(funding.get("kind"))
    parts = [f"{kind}.", funding.get("text") or "", f"({funding['source']})" if funding.get("source") else ""]
    return " ".join(part for part in parts if part)


def is_statement(version: RuleSetVersion) -> bool:
    """Whether it is a local paper's word about a right that only the law gives."""
    return not version.rule_set.is_national and Outcome(version.outcome).is_legal_right


def notes_of(version: RuleSetVersion) -> dict[str, list[dict[str, str]]]:
    """The warnings and the conditions of a version, to be read."""
    warnings = [
        {
            "heading": _warning_heading(str(each.get("kind"))),
            "text": str(each.get("text") or ""),
            "source": str(each.get("source") or ""),
            "when": _when_words(each),
        }
        for each in version.content.get("warnings") or []
    ]
    conditions = [
        {"text": str(each.get("text") or ""), "source": str(each.get("source") or "")}
        for each in version.content.get("direct_payment_conditions") or []
    ]
    return {"warnings": warnings, "conditions": conditions}


def _warning_heading(kind: str) -> str:
    try:
        return WARNINGS[WarningKind(kind)]
    except ValueError:
        return kind


def _when_words(warning: dict[str, Any]) -> str:
    moment = "when the criteria are not met" if warning.get("at") == "not_met" else "when the criteria are met"
    return f"{moment}, under conditions of its own" if warning.get("when") else moment


def history_rows(
    transitions: Iterable[RuleSetVersionTransition], edits: Iterable[RuleSetVersionEdit]
) -> list[dict[str, str]]:
    """What happened to a version, in order; edits by one person in a row are told once, with the last moment."""
    told: list[tuple[dt.datetime, str, str, str]] = [
        (step.made_at, DONE[step.action], step.made_by.full_name, step.reason) for step in transitions
    ]
    for edit in edits:
        if edit.part != VersionPart.START:
            told.append((edit.edited_at, edit.get_part_display(), edit.edited_by.full_name, ""))
    told.sort(key=lambda each: each[0])
    rows: list[dict[str, str]] = []
    for moment, what, who, why in told:
        row = {"what": what, "who": who, "why": why, "when": spoken_moment(moment)}
        if rows and not why and (rows[-1]["what"], rows[-1]["who"]) == (what, who):
            rows[-1] = row
        else:
            rows.append(row)
    return rows


def move_buttons(version: RuleSetVersion, moves: Iterable[VersionTransition]) -> list[dict[str, Any]]:
    """Links to the confirm pages of what the user may do now; only what takes the version on is a main button."""
    return [
        {
            "text": step.label,
            "href": version_url(version, step.action),
            "variant": None if step.action in ("submit", "approve") else "secondary",
        }
        for step in moves
    ]


def edit_links(version: RuleSetVersion) -> list[dict[str, str]]:
    """Where the parts of a draft are edited."""
    criteria = [version.rule_set.code, version.number]
    links = [
        ("Change the criteria", reverse("eligibility:criteria", args=criteria)),
        ("Readings side by side: choose one", reverse("eligibility:criteria-readings", args=criteria)),
        ("Change the details", version_url(version, "details")),
        ("Change the warnings and conditions", version_url(version, "notes")),
    ]
    if len(version.content.get("readings") or []) < 2:
        del links[1]
    return [{"text": text, "href": href} for text, href in links]


def compare_links(version: RuleSetVersion, others: Iterable[RuleSetVersion]) -> list[dict[str, str]]:
    """Links to this version beside each other one, the older always first."""
    links = []
    for other in others:
        older, newer = sorted((version, other), key=lambda each: each.number)
        arguments = [version.rule_set.code, older.number, newer.number]
        tag = other.get_approval_status_display().lower()
        links.append(
            {
                "text": f"Compare with version {other.number} ({tag})",
                "href": reverse("eligibility:rule-set-compare", args=arguments),
            }
        )
    return links


# ------------------------------------------------------------------ worklists


def approval_item(version: RuleSetVersion) -> WorkItem:
    """A version that waits for the user's approval."""
    by = version.prepared_by.full_name if version.prepared_by else "Somebody"
    return WorkItem(
        text=f"{version.rule_set.title}, version {version.number}",
        url=version_url(version),
        why=f"{by} prepared it, to hold {dates_words(version)[:1].lower()}{dates_words(version)[1:]}",
        due_on=version.effective_from - dt.timedelta(days=1),
    )


def sent_back_item(step: RuleSetVersionTransition) -> WorkItem:
    """A draft that came back."""
    return WorkItem(
        text=f"{step.version.rule_set.title}, version {step.version.number}",
        url=version_url(step.version),
        why=f"{step.made_by.full_name} sent it back: {step.reason}",
    )


def cases_words(passed: int, failed: int) -> str:
    """How many worked cases came out as expected."""
    if not passed + failed:
        return "There are no worked cases yet."
    if not failed:
        return f"{counted(passed, 'case passes', 'cases pass')}."
    return f"{counted(failed, 'case fails', 'cases fail')}, {counted(passed, 'passes', 'pass')}."
