"""Triggers of this room: the database's own refusals, made from the one transition table."""

import pgtrigger

from offers.rules.editions import FROZEN_STATUSES, LOCKING_STATUSES, fsm_pairs

_LOCKING = ", ".join(f"'{status.value}'" for status in LOCKING_STATUSES)
_FROZEN = ", ".join(f"'{status.value}'" for status in FROZEN_STATUSES)


def edition_states() -> list[pgtrigger.Trigger]:
    """An edition begins as a draft and moves only as `offers.rules.editions.TRANSITIONS` allows, even in
    bulk."""
    return [
        pgtrigger.FSM(name="edition_states", field="status", transitions=fsm_pairs()),
        pgtrigger.Protect(
            name="edition_begins_as_draft",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition("NEW.status <> 'draft'"),
        ),
    ]


def edition_is_frozen() -> pgtrigger.Trigger:
    """Once published, everything of an edition but its status stays as it is for good.

    What a withdrawn edition that was never published says is not frozen text, but it is over: the same rule
    holds.
    """
    return pgtrigger.Trigger(
        name="edition_is_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.status IN ({_FROZEN})"),
        func="""
            IF (to_jsonb(NEW) - 'status') IS DISTINCT FROM (to_jsonb(OLD) - 'status') THEN
                RAISE EXCEPTION 'A published edition may not be changed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def locked_while_decided(thing: str, find_offer: str) -> pgtrigger.Trigger:
    """Refuse a change to the text or timeline while an edition of the offer waits for its decision or
    publication.

    `find_offer` is SQL that gives the local offer's id from a row called `changed`.
    """
    return pgtrigger.Trigger(
        name=f"{thing}_locked_while_decided",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("changed", "RECORD")],
        func=f"""
            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
            IF EXISTS (
                SELECT 1 FROM offers_edition
                WHERE local_offer_id = ({find_offer}) AND status IN ({_LOCKING})
            ) THEN
                RAISE EXCEPTION 'The offer is waiting for a decision and may not be changed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN changed;
        """,  # noqa: S608  the parts are constants of this room
    )
