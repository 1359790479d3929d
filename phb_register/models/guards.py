"""Triggers that more than one table uses: the database's own refusals."""

import pgtrigger


def no_delete(thing: str) -> pgtrigger.Trigger:
    """Refuse to delete a row: a person's record and what hangs on it is ended or superseded, never removed."""
    return pgtrigger.Protect(name=f"{thing}_no_delete", operation=pgtrigger.Delete)


def append_only(thing: str) -> list[pgtrigger.Trigger]:
    """Refuse every change to a row once written, and emptying the table."""
    return [
        pgtrigger.Protect(name=f"{thing}_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        no_truncate(thing),
    ]


def no_truncate(thing: str) -> pgtrigger.Trigger:
    """Refuse to empty a table in one go, which row triggers do not see."""
    return pgtrigger.Trigger(
        name=f"{thing}_no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;",
    )


def belongs_to_no_partnership(thing: str) -> pgtrigger.Trigger:
    """Refuse a row whose commissioner is a partnership: only a body in law is accountable for a person."""
    return pgtrigger.Trigger(
        name=f"{thing}_no_partnership",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("commissioner_id"),
        func="""
            IF EXISTS (
                SELECT 1 FROM phb_register_commissioner
                WHERE id = NEW.commissioner_id AND kind = 'partnership'
            ) THEN
                RAISE EXCEPTION 'A partnership cannot be accountable for a person'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
