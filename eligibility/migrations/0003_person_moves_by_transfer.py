"""The commissioner of a person changes by an accepted transfer only.

The guard stands on a table of a room below, which knows nothing of transfers; so it is written here, by hand.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION eligibility_person_moves_by_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM (
            SELECT from_commissioner_id, to_commissioner_id FROM eligibility_persontransfer
            WHERE person_id = NEW.id AND status = 'accepted'
            ORDER BY id DESC LIMIT 1
        ) AS latest
        WHERE from_commissioner_id = OLD.commissioner_id AND to_commissioner_id = NEW.commissioner_id
    ) THEN
        RAISE EXCEPTION 'The commissioner of a person changes by an accepted transfer only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_moves_by_transfer';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER person_moves_by_transfer BEFORE UPDATE OF commissioner_id ON phb_register_person
FOR EACH ROW WHEN (OLD.commissioner_id IS DISTINCT FROM NEW.commissioner_id)
EXECUTE FUNCTION eligibility_person_moves_by_transfer();
"""

NO_GUARD = """
DROP TRIGGER person_moves_by_transfer ON phb_register_person;
DROP FUNCTION eligibility_person_moves_by_transfer();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0002_explain_eligibility_and_walk_the_pathway"),
    ]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
