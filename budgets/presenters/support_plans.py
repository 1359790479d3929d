"""Support plans as they are read: a version, its history, and what changed between two."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.urls import reverse

from budgets.enums import PlanStatus, Recurrence
from budgets.models import (
    DelegatedTask,
    PlanDocument,
    PlanOutcome,
    PlanRisk,
    PlanService,
    PlanSignature,
    SupportPlan,
    SupportPlanTransition,
)
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.plan_diff import ContentSection, Entry, SectionChanges
from budgets.rules.plan_features import checklist
from budgets.rules.plan_household import warning
from budgets.rules.plan_money import cost_of
from budgets.rules.plan_sections import SECTIONS, TITLES, PlanSection
from budgets.rules.support_plan_states import PlanStep
from budgets.selectors.support_plans import Signatures, lines_of, payee_of, signatures_of
from eligibility.models import Referral
from phb_register.models import User
from phb_register.presenters import spoken_date, summary
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import Column, table_params

STATUS_TAGS: dict[str, str] = {
    PlanStatus.DRAFT: "nhsuk-tag--grey",
    PlanStatus.PROPOSED: "nhsuk-tag--yellow",
    PlanStatus.SIGNED: "nhsuk-tag--green",
    PlanStatus.SUPERSEDED: "nhsuk-tag--white",
    PlanStatus.WITHDRAWN: "nhsuk-tag--red",
}
STEPS_DONE = {
    "start": "Started",
    "propose": "Proposed for signing",
    "sign": "Signed by both sides",
    "withdraw": "Withdrawn",
    "supersede": "Superseded by a later version",
}
_EVERY = {Recurrence.WEEKLY: " a week", Recurrence.ANNUAL: " a year", Recurrence.ONE_OFF: " once"}


def plans_url(referral: Referral) -> str:
    """The page of all versions."""
    return reverse("budgets:support-plans", args=[referral.reference])


def plan_url(plan: SupportPlan, page: str = "", *arguments: Any) -> str:
    """A page of one version: the version itself, or `page` of it."""
    name = f"budgets:support-plan{'-' if page else ''}{page}"
    return reverse(name, args=[plan.referral.reference, plan.number, *arguments])


def plan_tag(plan: SupportPlan) -> dict[str, str]:
    """The tag of its status."""
    return {"text": plan.get_status_display(), "classes": STATUS_TAGS[plan.status]}


def in_force_words(plan: SupportPlan, today: dt.date) -> str:
    """From when until when a version is or was in force; a dash for one that never was."""
    if plan.in_force_from is None:
        return "–"
    begun = f"{'From' if plan.in_force_from > today else 'Since'} {spoken_date(plan.in_force_from)}"
    if plan.in_force_until is None:
        return begun
    if plan.in_force_until == plan.in_force_from:
        return "Never: another took its place on its first day"
    last = plan.in_force_until - dt.timedelta(days=1)
    return f"{spoken_date(plan.in_force_from)} to {spoken_date(last)}"


def versions_table(versions: Iterable[SupportPlan], today: dt.date) -> dict[str, Any]:
    """The versions of a plan, the latest first."""
    columns: list[Column[SupportPlan]] = [
        Column("Version", lambda plan: f"Version {plan.number}", link=plan_url),
        Column("Status", lambda plan: plan.get_status_display()),
        Column("Started", lambda plan: f"{spoken_date(plan.started_on)} by {plan.started_by}"),
        Column("In force", lambda plan: in_force_words(plan, today)),
    ]
    return table_params(columns, versions, caption="Versions of the support plan", is_responsive=True)


def status_rows(plan: SupportPlan, signatures: Signatures, today: dt.date) -> list[dict[str, Any]]:
    """Where a version stands and who signed it."""
    return summary([("Person", str(plan.referral.person)), *_standing(plan, signatures, today)])


def _standing(plan: SupportPlan, signatures: Signatures, today: dt.date) -> list[tuple[str, str]]:
    return [
        ("Commissioner", str(plan.referral.commissioner)),
        ("In force", in_force_words(plan, today)),
        ("Signed for the person", signature_words(signatures.holder)),
        ("Signed for the commissioner", signature_words(signatures.commissioner)),
    ]


def pdf_context(plan: SupportPlan, communication_format: str, today: dt.date) -> dict[str, Any]:
    """What the PDF of a signed version shows, on the day it is made."""
    person = plan.referral.person
    return {
        "heading": f"Support plan, version {plan.number}",
        "person": f"{person.given_name} {person.family_name}, NHS number {person.display_nhs_number}",
        "commissioner": str(plan.referral.commissioner),
        "css_class": communication_format.replace("_", "-"),
        "rows": [*_standing(plan, signatures_of(plan), today), ("Made on", spoken_date(today))],
        "sections": content_of(plan, today),
    }


def signature_words(signature: PlanSignature | None) -> str:
    """Who signed, in what right, when and how."""
    if signature is None:
        return "Not signed yet"
    right = "" if signature.signed_as in ("person", "officer") else f", {signature.get_signed_as_display().lower()}"
    witness = f" ({signature.witness})" if signature.witness else ""
    return f"{signature.name}{right}, {spoken_date(signature.signed_on)}. {signature.get_how_display()}{witness}"


def cost_words(service: PlanService) -> str:
    """What a service costs each time."""
    return f"{pounds(service.amount)}{_EVERY[Recurrence(service.recurrence)]}"


def household_words(service: PlanService, on: dt.date) -> str:
    """Whether whoever is paid is close to the person, and the exception where there is one."""
    if service.relationship == "not_connected":
        return "Not connected with the person"
    where = "in the same household" if service.lives_in_same_household else "who lives elsewhere"
    said = f"{service.get_relationship_display()} {where}"
    if service.asked_by_id:
        settled = (
            f"approved by {service.approved_by} on {spoken_date(service.approved_on)}"
            if service.approved_by_id
            else "waits for approval"
        )
        said += f". Exception: {service.get_exception_reason_display()}. {service.exception_necessity} ({settled})"
    return ". ".join(part for part in (said, warning(payee_of(service), on)) if part)


def sign_off_words(task: DelegatedTask, today: dt.date) -> str:
    """Until when an assistant is signed off for a task, by the last sign-off."""
    last = next(reversed(task.sign_offs.all()), None)
    if last is None:
        return "Not signed off yet: the assistant does not do it"
    who = f"{last.signed_off_by}, {last.get_registration_display()} {last.registration_number}"
    ran_out = "Ran out on" if last.valid_until < today else "Valid until"
    return f"{ran_out} {spoken_date(last.valid_until)}. Signed off by {who}, on {spoken_date(last.signed_off_on)}"


def content_of(plan: SupportPlan, today: dt.date) -> list[ContentSection]:
    """What a version says, section by section, in the order in which it is read."""
    day = plan.in_force_from or plan.proposed_on or today
    rows = {
        PlanSection.HEALTH_NEEDS: _rows(("Health needs", plan.health_needs)),
        PlanSection.RISK_ADVICE: _rows(
            ("Advice", plan.risk_advice),
            ("Given by", plan.risk_advice_by),
            ("On", spoken_date(plan.risk_advice_on) if plan.risk_advice_on else ""),
        ),
        PlanSection.CONTINGENCY: _rows(("What happens", plan.contingency)),
        PlanSection.COORDINATOR: _rows(
            ("Name", plan.coordinator_name), ("Job", plan.coordinator_role), ("Contact", plan.coordinator_contact)
        ),
        PlanSection.REVIEW: _rows(
            ("How and when", plan.review_arrangements),
            ("First review by", spoken_date(plan.first_review_by) if plan.first_review_by else ""),
        ),
        PlanSection.FEATURES: _feature_rows(plan),
    }
    entries = {
        PlanSection.OUTCOMES: tuple(_outcome_entry(each) for each in plan.outcomes.all()),
        PlanSection.SERVICES: tuple(_service_entry(each, day) for each in plan.services.all()),
        PlanSection.RISKS: tuple(_risk_entry(each) for each in plan.risks.all()),
        PlanSection.DELEGATED_TASKS: tuple(_task_entry(each, today) for each in plan.delegated_tasks.all()),
    }
    beside = {
        PlanSection.SERVICES: _rows(
            ("Why nothing is bought", "" if plan.services.all() else plan.no_services_reason),
            ("Direct payment made", plan.get_payments_display() if plan.payments else ""),
            *_cost_rows(plan),
        ),
        PlanSection.RISKS: _rows(("Why there are none", "" if plan.risks.all() else plan.no_risks_reason)),
    }
    return [
        ContentSection(code.value, TITLES[code], rows.get(code) or beside.get(code, ()), entries.get(code, ()))
        for code in SECTIONS
    ]


def _rows(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in pairs if value)


def _outcome_entry(outcome: PlanOutcome) -> Entry:
    said = _rows(("In their own words", outcome.statement), ("Met by", outcome.how_met))
    return Entry(str(outcome.key), outcome.statement, said)


def _risk_entry(risk: PlanRisk) -> Entry:
    said = _rows(("Risk", risk.risk), ("Managed by", risk.how_managed), ("Who", risk.managed_by))
    return Entry(str(risk.key), risk.risk, said)


def _task_entry(task: DelegatedTask, today: dt.date) -> Entry:
    said = _rows(
        ("Task", task.task),
        ("Personal assistant", task.assistant_name),
        ("When to stop", task.when_to_stop),
        ("Sign-off", sign_off_words(task, today)),
    )
    return Entry(str(task.key), task.task, said)


def _service_entry(service: PlanService, on: dt.date) -> Entry:
    return Entry(
        str(service.key),
        service.description,
        _rows(
            ("What is bought", service.description),
            ("Kind", service.get_category_display()),
            ("For", service.outcome.statement if service.outcome else "All outcomes"),
            ("From", service.provider_words),
            ("Money managed as", service.get_method_display()),
            ("Cost", cost_words(service)),
            ("Who is paid", household_words(service, on)),
            ("Why it can be bought", service.why_not_prohibited),
        ),
    )


def _cost_rows(plan: SupportPlan) -> tuple[tuple[str, str], ...]:
    """What the services cost together, by the year as long as the plan lasts, and once."""
    if not plan.services.all():
        return ()
    cost = cost_of(lines_of(plan))
    yearly = f"{pounds(cost.annual)} a year ({pounds(cost.weekly)} a week)"
    return _rows(("Cost together", yearly), ("Paid once", pounds(cost.one_off) if cost.one_off else ""))


def _feature_rows(plan: SupportPlan) -> tuple[tuple[str, str], ...]:
    answers = {each.code: each for each in plan.features.all()}
    return tuple((feature.label, _answer(answers.get(feature.code))) for feature in checklist(plan.checklist).features)


def _answer(answer: Any) -> str:
    if answer is None:
        return "Not answered"
    return "Yes" if answer.is_met else f"No. {answer.note}"


@dataclass(frozen=True)
class SectionView:
    """One section on the page of a version: rows of it as a whole, and each line with its own."""

    code: str
    title: str
    rows: list[dict[str, Any]]
    entries: list[tuple[str, list[dict[str, Any]]]]


def section_views(content: Iterable[ContentSection]) -> list[SectionView]:
    """What the page of a version shows, section by section."""
    return [
        SectionView(
            section.code,
            section.title,
            summary(section.rows),
            [(entry.title, summary(_beneath(entry))) for entry in section.entries],
        )
        for section in content
    ]


def _beneath(entry: Entry) -> list[tuple[str, str]]:
    """What is said of a line beneath its title, which is not said twice."""
    return [(label, value) for label, value in entry.rows if value != entry.title]


def changes_tables(found: Iterable[SectionChanges], before: int, after: int) -> list[dict[str, Any]]:
    """What changed, a table for each section."""
    return [
        {
            "caption": section.title,
            "firstCellIsHeader": True,
            "responsive": True,
            "head": [{"text": "What"}, {"text": f"Version {before}"}, {"text": f"Version {after}"}],
            "rows": [
                [
                    {"header": "What", "text": change.what},
                    {"header": f"Version {before}", "text": change.before or "Not there"},
                    {"header": f"Version {after}", "text": change.after or "Not there"},
                ]
                for change in section.changes
            ],
        }
        for section in found
    ]


def history_of(transitions: Iterable[SupportPlanTransition]) -> list[str]:
    """What happened to a version, the oldest first."""
    return [
        f"{STEPS_DONE[each.action]} on {spoken_date(each.occurred_on)} by {each.made_by}"
        + (f": {each.note}" if each.note else "")
        for each in transitions
    ]


def pdf_link(plan: SupportPlan, document: PlanDocument | None) -> dict[str, str] | None:
    """Where the PDF of a signed version is read, or asked for; none for one that is not signed."""
    if plan.in_force_from is None:
        return None
    wanted = plan.referral.person.get_communication_format_display().lower()
    text = f"Open the PDF ({wanted})" if document else f"Make a PDF ({wanted})"
    return {"href": plan_url(plan, "pdf"), "text": text, "is_made": "yes" if document else ""}


def comparison_links(versions: Sequence[SupportPlan]) -> list[dict[str, str]]:
    """From each version to what changed since the one before, the latest first."""
    return [
        {
            "href": plan_url(plan, "compare", earlier.number),
            "text": f"What changed from version {earlier.number} to version {plan.number}",
        }
        for plan, earlier in pairwise(versions)
    ]


def actions_for(
    user: User, plan: SupportPlan, signatures: Signatures, steps: Iterable[PlanStep]
) -> list[dict[str, str]]:
    """What the user may do with a version, as buttons that lead to their pages."""
    commissioner = plan.referral.commissioner
    found = []
    if plan.status == PlanStatus.DRAFT and can(user, Permission.PLAN_BUDGETS, commissioner):
        found.append({"text": "Write this draft", "href": plan_url(plan, "write"), "variant": ""})
    if plan.status == PlanStatus.PROPOSED:
        if signatures.holder is None and can(user, Permission.PLAN_BUDGETS, commissioner):
            text = "Record the signature of the person’s side"
            found.append({"text": text, "href": plan_url(plan, "holder-signs"), "variant": ""})
        if signatures.holder is not None and can(user, Permission.MANAGE_BUDGETS, commissioner):
            text = "Sign for the commissioner"
            found.append({"text": text, "href": plan_url(plan, "commissioner-signs"), "variant": ""})
    return found + [{"text": step.label, "href": plan_url(plan, step.action), "variant": "secondary"} for step in steps]
