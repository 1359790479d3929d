"""What the database refuses of arrangements, whoever writes: facts are entered once, and a change is another row."""

from collections.abc import Iterable

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from budgets.enums import ArrangementEnd
from phb_register.models.commissioners import DateRange
from phb_register.models.guards import no_delete, no_truncate


def entered_once(thing: str, columns: Iterable[str]) -> pgtrigger.Trigger:
    """Refuse to change what is entered: a column may be filled while it is empty (null, '' or '{}'), and then stays."""
    changed = " OR ".join(
        f"(coalesce(OLD.{column}::text, '') NOT IN ('', '{{}}') AND OLD.{column} IS DISTINCT FROM NEW.{column})"
        for column in columns
    )
    return pgtrigger.Protect(
        name=f"{thing}_entered_once", operation=pgtrigger.Update, condition=pgtrigger.Condition(f"({changed})")
    )


def ends_once(thing: str) -> pgtrigger.Trigger:
    """Refuse to take an end back or put it off: it may only come sooner than was recorded."""
    return pgtrigger.Protect(
        name=f"{thing}_ends_once",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on)"),
    )


def dated_constraints(thing: str) -> list[models.BaseConstraint]:
    """One at a time of a PHB; an end is not before the start, and has its reason."""
    return [
        models.CheckConstraint(
            name=f"{thing}_ends_after_start",
            condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        ),
        models.CheckConstraint(
            name=f"{thing}_end_has_reason",
            condition=Q(ends_on__isnull=True, end_reason="")
            | Q(ends_on__isnull=False, end_reason__in=ArrangementEnd.values),
        ),
        ExclusionConstraint(
            name=f"{thing}_one_at_a_time",
            expressions=[
                ("phb", RangeOperators.EQUAL),
                (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
            ],
        ),
    ]


def dated_triggers(thing: str, columns: Iterable[str]) -> list[pgtrigger.Trigger]:
    """Never removed, never rewritten, ended once."""
    fixed = ("reference", "phb_id", "starts_on", "recorded_by_id", "recorded_at", *columns)
    return [no_delete(thing), no_truncate(thing), entered_once(thing, fixed), ends_once(thing)]


REPRESENTATIVE_OF_THE_PERSON = pgtrigger.Trigger(
    name="dp_arrangement_own_representative",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.representative_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM phb_register_representative AS acting
            JOIN budgets_personalhealthbudget AS phb ON phb.person_id = acting.person_id
            WHERE acting.id = NEW.representative_id AND phb.id = NEW.phb_id AND acting.legal_basis <> 'nominee'
        ) THEN
            RAISE EXCEPTION 'The representative acts for somebody else, or is a nominee'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'dp_arrangement_own_representative';
        END IF;
        RETURN NEW;
    """,
)

ORGANISATION_IS_A_THIRD_PARTY = pgtrigger.Trigger(
    name="tp_arrangement_kind",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_supportorganisation
            WHERE id = NEW.organisation_id AND 'third_party' = ANY(kinds)
                AND (closed_on IS NULL OR closed_on > NEW.starts_on)
        ) THEN
            RAISE EXCEPTION 'The organisation does not hold budgets as a third party on %', NEW.starts_on
                USING ERRCODE = 'check_violation', CONSTRAINT = 'tp_arrangement_kind';
        END IF;
        RETURN NEW;
    """,
)

IN_THE_WHEELCHAIR_COHORT = pgtrigger.Trigger(
    name="wheelchair_cohort",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM budgets_personalhealthbudget AS phb JOIN offers_cohort AS cohort ON cohort.id = phb.cohort_id
            WHERE phb.id = NEW.phb_id AND cohort.code = 'wheelchair'
        ) THEN
            RAISE EXCEPTION 'A wheelchair is arranged in the cohort of personal wheelchair budgets'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'wheelchair_cohort';
        END IF;
        RETURN NEW;
    """,
)
