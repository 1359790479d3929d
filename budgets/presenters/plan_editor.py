"""The pages on which a support plan is written: the task list, the lists of lines, what was saved meanwhile."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from budgets.exceptions import Problem
from budgets.models import DelegatedTask, PlanOutcome, PlanService, SupportPlan
from budgets.models.plan_parts import PlanPart
from budgets.presenters.support_plans import cost_words, household_words, plan_url, sign_off_words
from budgets.rules.plan_sections import GROUPS, TITLES, PlanSection, SectionState
from phb_register.presenters import spoken_date, summary

_TAGS = {
    SectionState.INCOMPLETE: "nhsuk-tag--blue",
    SectionState.TO_DO: "nhsuk-tag--blue",
    SectionState.OPTIONAL: "nhsuk-tag--grey",
}
HINTS: dict[PlanSection, str] = {
    PlanSection.HEALTH_NEEDS: "What the care is for",
    PlanSection.OUTCOMES: "What the person wants to achieve, in their own words",
    PlanSection.SERVICES: "What, from whom, for how much",
    PlanSection.RISKS: "Significant ones, and how they are managed",
    PlanSection.RISK_ADVICE: "Given before a direct payment is made",
    PlanSection.CONTINGENCY: "If an assistant, equipment or health fails",
    PlanSection.DELEGATED_TASKS: "Done by a personal assistant who was trained and signed off",
    PlanSection.COORDINATOR: "Whom the person turns to",
    PlanSection.REVIEW: "How and when the plan is looked at again",
    PlanSection.FEATURES: "A checklist of how the budget was planned with the person",
}
#: What one line is called, on its page and on the button that adds one.
ONE: dict[PlanSection, str] = {
    PlanSection.OUTCOMES: "an outcome",
    PlanSection.SERVICES: "a service",
    PlanSection.RISKS: "a risk",
    PlanSection.DELEGATED_TASKS: "a delegated task",
}
INTRODUCTIONS: dict[PlanSection, str] = {
    PlanSection.OUTCOMES: "Write each outcome as the person says it, and how it is met.",
    PlanSection.SERVICES: "Each thing to be bought is a line: what it is, who provides it, what it costs.",
    PlanSection.RISKS: "Name each significant risk that the person and you found, and how it is managed.",
    PlanSection.DELEGATED_TASKS: (
        "A personal assistant may do a healthcare task that a registered professional delegates. The professional "
        "chooses the task, sees that the assistant is trained in it for this one person, and signs that off for a "
        "time. Nobody does a task that is not signed off, or whose time has run out."
    ),
}


def section_url(plan: SupportPlan, section: PlanSection) -> str:
    """The page of a section of a draft."""
    return plan_url(plan, "section", section.value)


def task_lists(plan: SupportPlan, states: Mapping[PlanSection, SectionState]) -> list[tuple[str, dict[str, Any]]]:
    """The task lists of a draft: its sections in groups, each with its state."""
    return [(title, _task_list(plan, sections, states, number)) for number, (title, sections) in enumerate(GROUPS)]


def _task_list(
    plan: SupportPlan, sections: Iterable[PlanSection], states: Mapping[PlanSection, SectionState], number: int
) -> dict[str, Any]:
    items = [
        {
            "title": {"text": TITLES[section]},
            "hint": {"text": HINTS[section]},
            "href": section_url(plan, section),
            "status": _status(states[section]),
        }
        for section in sections
    ]
    return {"idPrefix": f"plan-{number}", "items": items}


def _status(state: SectionState) -> dict[str, Any]:
    if state == SectionState.COMPLETE:
        return {"text": state.value, "classes": "nhsuk-task-list__status--completed"}
    return {"tag": {"text": state.value, "classes": _TAGS[state]}}


def problem_links(plan: SupportPlan, problems: Iterable[Problem]) -> list[dict[str, str]]:
    """What stands against proposing a draft, each with the page where it is put right."""
    known = {section.value for section in PlanSection}
    return [
        {"text": each.message, "href": section_url(plan, PlanSection(each.field)) if each.field in known else ""}
        for each in problems
    ]


def beside_links(plan: SupportPlan, section: PlanSection, *, has_direct_payment: bool) -> list[dict[str, str]]:
    """Further pages of a list of lines: why there are none, how often the direct payment is made."""
    found = []
    if section is PlanSection.SERVICES and not plan.services.all():
        found.append((PlanSection.NO_SERVICES, "Say why nothing is bought", plan.no_services_reason))
    if section is PlanSection.SERVICES and has_direct_payment:
        said = plan.get_payments_display() if plan.payments else ""
        found.append((PlanSection.PAYMENTS, "Select how often the direct payment is made", said))
    if section is PlanSection.RISKS and not plan.risks.all():
        found.append((PlanSection.NO_RISKS, "Say why there are no significant risks", plan.no_risks_reason))
    return [{"href": section_url(plan, page), "text": text, "said": said} for page, text, said in found]


@dataclass(frozen=True)
class LineView:
    """One line on the page of its section, with what can be done to it."""

    title: str
    rows: list[dict[str, Any]]
    change_url: str
    remove_url: str
    sign_off_url: str = ""
    exception_url: str = ""


def line_views(plan: SupportPlan, section: PlanSection, today: dt.date, *, may_approve: bool) -> list[LineView]:
    """The lines of a section of a draft; with the way to an exception for those who may approve it."""
    lines: dict[PlanSection, Sequence[PlanPart]] = {
        PlanSection.OUTCOMES: plan.outcomes.all(),  # type: ignore[dict-item]
        PlanSection.SERVICES: plan.services.all(),  # type: ignore[dict-item]
        PlanSection.RISKS: plan.risks.all(),  # type: ignore[dict-item]
        PlanSection.DELEGATED_TASKS: plan.delegated_tasks.all(),  # type: ignore[dict-item]
    }
    views = [_line_view(plan, section, line, today) for line in lines[section]]
    return views if may_approve else [replace(view, exception_url="") for view in views]


def _line_view(plan: SupportPlan, section: PlanSection, line: PlanPart, today: dt.date) -> LineView:
    is_task, is_asked = isinstance(line, DelegatedTask), isinstance(line, PlanService) and line.asked_by_id is not None
    return LineView(
        title=line_title(line),
        rows=summary(line_rows(line, today)),
        change_url=plan_url(plan, "line", section.value, line.key),
        remove_url=plan_url(plan, "remove", section.value, line.key),
        sign_off_url=plan_url(plan, "sign-off", line.key) if is_task else "",
        exception_url=plan_url(plan, "exception", line.key) if is_asked else "",
    )


def line_title(line: PlanPart) -> str:
    """What a line is called."""
    return line.task if isinstance(line, DelegatedTask) else str(line)


def line_rows(line: PlanPart, today: dt.date) -> list[tuple[str, str]]:
    """What a line says, beneath its title."""
    if isinstance(line, PlanOutcome):
        return [("Met by", line.how_met)]
    if isinstance(line, PlanService):
        return [
            ("Cost", cost_words(line)),
            ("From", line.provider_words),
            ("For", line.outcome.statement if line.outcome else "All outcomes"),
            ("Money managed as", line.get_method_display()),
            ("Who is paid", household_words(line, today)),
        ]
    if isinstance(line, DelegatedTask):
        return [("Personal assistant", line.assistant_name), ("Sign-off", sign_off_words(line, today))]
    return [("Managed by", getattr(line, "how_managed", "")), ("Who", getattr(line, "managed_by", ""))]


def service_rows(service: PlanService, today: dt.date) -> list[dict[str, Any]]:
    """A service for whoever approves its exception."""
    return summary(
        [
            ("Service", service.description),
            *line_rows(service, today),
            ("Asked for by", f"{service.asked_by} on {spoken_date(service.asked_on)}" if service.asked_by_id else ""),
        ]
    )


def saved_rows(form_fields: Mapping[str, Any], held: Any) -> list[dict[str, Any]]:
    """What is saved now, in the words of the form that somebody else was quicker with."""
    shown = [
        (str(field.label), _shown(getattr(held, name)))
        for name, field in form_fields.items()
        if hasattr(held, name) and not field.widget.is_hidden
    ]
    return summary(shown)


def _shown(value: Any) -> str:
    return spoken_date(value) if isinstance(value, dt.date) else str(value or "")
