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
    """Refuse a row whose commissioner is a partnership or a nation: only a body in law may be."""
    return pgtrigger.Trigger(
        name=f"{thing}_no_partnership",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("commissioner_id"),
        func="""
            IF EXISTS (
                SELECT 1 FROM phb_register_commissioner
                WHERE id = NEW.commissioner_id AND kind NOT IN ('ccg', 'icb')
            ) THEN
                RAISE EXCEPTION 'Only a CCG or an ICB can be accountable for a person'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def follows_merges(thing: str, *, may_change: bool = False) -> pgtrigger.Trigger:
    """Keep a row that hangs on a person on the record that counts: never on one that is merged into another.

    ``person_id`` changes only along a merge that was reviewed, or back along one that was reversed; where
    ``may_change`` it changes freely (a draft that turns out to be about somebody else). The person is held until
    the end of the transaction, so that a merge waits for the row and the row for the merge.
    """
    only_by_merge = """
        IF TG_OP = 'UPDATE' AND NOT EXISTS (
            SELECT 1 FROM phb_register_personmerge
            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)
                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)
        ) THEN
            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
    """
    return pgtrigger.Trigger(
        name=f"{thing}_follows_merges",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id"),
        declare=[("merged_into", "bigint")],
        func=f"""
            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN
                RETURN NEW;
            END IF;
            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;
            IF merged_into IS NOT NULL THEN
                RAISE EXCEPTION 'This record of a person was merged into another'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';
            END IF;
            {"" if may_change else only_by_merge}
            RETURN NEW;
        """,  # noqa: S608  the parts are constants of this module
    )


def merged_by_review() -> pgtrigger.Trigger:
    """Refuse that a record is merged, or taken apart again, without a review; and chains and loops of merges."""
    return pgtrigger.Trigger(
        name="person_merged_by_review",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
        declare=[("further", "bigint")],
        func="""
            IF TG_OP = 'INSERT' THEN
                IF NEW.merged_into_id IS NULL THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'A new record is not merged yet' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN
                RETURN NEW;
            END IF;
            IF NEW.merged_into_id IS NULL THEN
                IF EXISTS (
                    SELECT 1 FROM phb_register_personmerge
                    WHERE merged_id = NEW.id AND status IN ('merged', 'reversal_asked')
                ) THEN
                    RAISE EXCEPTION 'A merge is reversed only after a review' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;
            -- Held, so that the record merged into cannot itself be merged meanwhile.
            SELECT merged_into_id INTO further FROM phb_register_person WHERE id = NEW.merged_into_id FOR UPDATE;
            IF further IS NOT NULL OR EXISTS (SELECT 1 FROM phb_register_person WHERE merged_into_id = NEW.id) THEN
                RAISE EXCEPTION 'Merges make no chains and no loops' USING ERRCODE = 'check_violation';
            END IF;
            IF NOT EXISTS (
                SELECT 1 FROM phb_register_personmerge
                WHERE merged_id = NEW.id AND kept_id = NEW.merged_into_id AND status = 'merged'
            ) THEN
                RAISE EXCEPTION 'A record is merged only after a review' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
