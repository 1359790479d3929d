"""Copying the parts of one version of a support plan into the next draft. Lines keep their keys, to compare by."""

from typing import TypeVar

from django.db import models

from budgets.models import DelegatedTask, PlanOutcome, SupportPlan
from budgets.rules.plan_features import checklist

_Row = TypeVar("_Row", bound=models.Model)
_OWN = {"id", "revision", "recorded_at"}


def copy_parts(source: SupportPlan, plan: SupportPlan) -> None:
    """Give a new draft everything that the source holds; of each delegated task only its last sign-off."""
    outcomes: dict[int, PlanOutcome] = {}
    for outcome in source.outcomes.all():
        outcomes[outcome.pk] = _copy(outcome, plan=plan)
    for service in source.services.all():
        served = outcomes[service.outcome_id] if service.outcome_id else None
        _copy(service, plan=plan, outcome=served)
    for risk in source.risks.all():
        _copy(risk, plan=plan)
    for task in source.delegated_tasks.all():
        again: DelegatedTask = _copy(task, plan=plan)
        last = task.sign_offs.order_by("-pk").first()
        if last is not None:
            _copy(last, task=again)
    codes = checklist(plan.checklist).codes
    for feature in source.features.filter(code__in=codes):
        _copy(feature, plan=plan)


def _copy(row: _Row, **other: object) -> _Row:
    """A further row with what this one holds."""
    left_out = _OWN | set(other)
    held = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in left_out}
    copied: _Row = type(row)._default_manager.create(**held, **other)
    return copied
