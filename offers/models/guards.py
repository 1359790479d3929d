"""Triggers of this room: the database's own refusals, made from the one transition table."""

from collections.abc import Sequence

import pgtrigger

from offers.enums import EditionStatus
from offers.rules.editions import FROZEN_STATUSES, LOCKING_STATUSES, WRITING_STATUSES, fsm_pairs

_LOCKING = ", ".join(f"'{status.value}'" for status in LOCKING_STATUSES)
_WRITING = ", ".join(f"'{status.value}'" for status in WRITING_STATUSES)
_PUBLIC = ", ".join(f"'{status.value}'" for status in (EditionStatus.PUBLISHED, EditionStatus.SUPERSEDED))
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
    publication; a row that goes from one offer to another is a change to both.

    `find_offer` is SQL that gives the local offer's id from a row called `changed`.
    """
    refuse = f"""
        IF EXISTS (
            SELECT 1 FROM offers_edition
            WHERE local_offer_id = ({find_offer}) AND status IN ({_LOCKING})
        ) THEN
            RAISE EXCEPTION 'The offer is waiting for a decision and may not be changed'
                USING ERRCODE = 'check_violation';
        END IF;
    """  # noqa: S608  the parts are constants of this room
    return pgtrigger.Trigger(
        name=f"{thing}_locked_while_decided",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("changed", "RECORD")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN changed := OLD; {refuse} END IF;
            IF TG_OP <> 'DELETE' THEN changed := NEW; {refuse} END IF;
            RETURN changed;
        """,
    )


def name_is_fixed_while_decided(thing: str, fields: Sequence[str], find_offers: str) -> pgtrigger.Trigger:
    """Refuse another name for what an edition names while it waits for its decision or publication.

    `find_offers` is SQL that gives the ids of the local offers that name the row.
    """
    return pgtrigger.Trigger(
        name=f"{thing}_fixed_while_decided",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*fields),
        func=f"""
            IF ({_row("NEW", fields)}) IS DISTINCT FROM ({_row("OLD", fields)}) AND EXISTS (
                SELECT 1 FROM offers_edition
                WHERE local_offer_id IN ({find_offers}) AND status IN ({_LOCKING})
            ) THEN
                RAISE EXCEPTION 'An edition that waits for a decision names this, so its name may not be changed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this room
    )


def _row(which: str, fields: Sequence[str]) -> str:
    return ", ".join(f"{which}.{field}" for field in fields)


def explained_while_written() -> pgtrigger.Trigger:
    """Refuse a word about a change once the edition is handed to those who decide."""
    return pgtrigger.Trigger(
        name="explanation_locked_while_decided",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("changed", "RECORD")],
        func=f"""
            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
            IF NOT EXISTS (
                SELECT 1 FROM offers_edition WHERE id = changed.edition_id AND status IN ({_WRITING})
            ) THEN
                RAISE EXCEPTION 'The edition is decided upon and may not be changed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN changed;
        """,  # noqa: S608  the parts are constants of this room
    )


def not_approved_by_a_writer() -> pgtrigger.Trigger:
    """Refuse an approval by anybody who had a hand in what the edition says since one was last published."""
    return pgtrigger.Trigger(
        name="edition_not_approved_by_a_writer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("approved_by_id"),
        condition=pgtrigger.Condition("NEW.approved_by_id IS NOT NULL"),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM offers_contribution
                WHERE local_offer_id = NEW.local_offer_id AND by_id = NEW.approved_by_id
                    AND edition_number <= NEW.number
                    AND edition_number > COALESCE((
                        SELECT max(number) FROM offers_edition
                        WHERE local_offer_id = NEW.local_offer_id AND number < NEW.number
                            AND status IN ({_PUBLIC})
                    ), 0)
            ) THEN
                RAISE EXCEPTION 'An edition may not be approved by somebody who wrote in it'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this room
    )


def edition_words_are_fixed() -> pgtrigger.Trigger:
    """Refuse another title, day of figures or account of what was learnt, once others decide upon the edition."""
    return pgtrigger.Protect(
        name="edition_words_are_fixed",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            f"OLD.status NOT IN ({_WRITING}) AND (OLD.title, OLD.figures_as_at, OLD.learning) "
            "IS DISTINCT FROM (NEW.title, NEW.figures_as_at, NEW.learning)"
        ),
    )
