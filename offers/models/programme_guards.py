"""What every table of a programme has in common: its constraints, and the database's own refusals."""

from collections.abc import Iterable

import pgtrigger
from django.db import models
from django.db.models import Q

from offers.rules.programme_states import ProgrammeStep
from phb_register.models.guards import no_delete, no_truncate
from phb_register.state_tables import StateTable


def entry_constraints(thing: str, *says: str) -> list[models.BaseConstraint]:
    """Numbered once in its offer, removed by somebody, and never empty in the fields it `says` something in."""
    return [
        models.UniqueConstraint(fields=["local_offer", "number"], name=f"{thing}_number_once"),
        models.CheckConstraint(name=f"{thing}_numbered_from_one", condition=Q(number__gte=1)),
        models.CheckConstraint(
            name=f"{thing}_removed_by_and_at",
            condition=Q(removed_at__isnull=True, removed_by__isnull=True)
            | Q(removed_at__isnull=False, removed_by__isnull=False),
        ),
        *(models.CheckConstraint(name=f"{thing}_has_{field}", condition=~Q(**{field: ""})) for field in says),
    ]


def entry_triggers(thing: str, *of_the_offer: tuple[str, str]) -> list[pgtrigger.Trigger]:
    """An entry is never deleted nor moved to another offer, and names only what belongs to its own.

    `of_the_offer` are pairs of a column and the table it points into.
    """
    return [
        no_delete(thing),
        no_truncate(thing),
        pgtrigger.ReadOnly(name=f"{thing}_fixed", fields=["local_offer", "number"]),
        *(_of_the_same_offer(thing, column, table) for column, table in of_the_offer),
    ]


def status_triggers(thing: str, table: StateTable[ProgrammeStep], first: str) -> list[pgtrigger.Trigger]:
    """An entry begins as `first`, and its status moves only as its table allows, even in bulk."""
    return [
        pgtrigger.FSM(name=f"{thing}_states", field="status", transitions=table.allowed_jumps()),
        pgtrigger.Protect(
            name=f"{thing}_begins_as_{first}",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.status <> '{first}'"),
        ),
    ]


def known_choices(thing: str, field: str, values: Iterable[object]) -> models.CheckConstraint:
    """The field holds one of the choices there are."""
    return models.CheckConstraint(name=f"{thing}_known_{field}", condition=Q(**{f"{field}__in": list(values)}))


def no_loop_of_bodies() -> pgtrigger.Trigger:
    """A governance body never escalates to itself, by however many others."""
    return pgtrigger.Trigger(
        name="body_escalates_upwards",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("escalates_to_id"),
        func="""
            IF EXISTS (
                WITH RECURSIVE above(id) AS (
                    SELECT NEW.escalates_to_id
                    UNION
                    SELECT body.escalates_to_id FROM offers_governancebody AS body JOIN above ON body.id = above.id
                )
                SELECT 1 FROM above WHERE id = NEW.id
            ) THEN
                RAISE EXCEPTION 'A governance body may not escalate to itself'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'body_escalates_upwards';
            END IF;
            RETURN NEW;
        """,
    )


def step_is_of_an_entry(tables: dict[str, str]) -> pgtrigger.Trigger:
    """A step names its entry by tool and number, which no foreign key can: entries are in a table a tool."""
    found = " OR ".join(
        f"(NEW.tool = '{tool}' AND EXISTS (SELECT 1 FROM {table}"  # noqa: S608  constants of this room
        " WHERE local_offer_id = NEW.local_offer_id AND number = NEW.number))"
        for tool, table in tables.items()
    )
    return pgtrigger.Trigger(
        name="programme_step_of_an_entry",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT ({found}) THEN
                RAISE EXCEPTION 'The programme has no such entry'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'programme_step_of_an_entry';
            END IF;
            RETURN NEW;
        """,
    )


def _of_the_same_offer(thing: str, column: str, table: str) -> pgtrigger.Trigger:
    # A cohort without an offer is every offer's.
    shared = " OR local_offer_id IS NULL" if table == "offers_cohort" else ""
    return pgtrigger.Trigger(
        name=f"{thing}_{column.removesuffix('_id')}_of_its_offer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),
        func=f"""
            IF NEW.{column} IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM {table}
                WHERE id = NEW.{column} AND (local_offer_id = NEW.local_offer_id{shared})
            ) THEN
                RAISE EXCEPTION 'This belongs to another local offer'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{thing}_of_its_offer';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this room
    )
