"""How every trigger finds out that it is not to be ignored, made quick.

The library's function catches an error in case nothing was said, which opens a transaction within the transaction: of
an import of 200,000 rows, three and a half million calls of it were a tenth. This one answers the same without. The
library puts its own back with each trigger that it writes, so this one is put in after every ``migrate``.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_FUNCTION = "_pgtrigger_should_ignore"
_QUICK = f"""
    CREATE OR REPLACE FUNCTION {_FUNCTION}(trigger_name name) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT coalesce(trigger_name = ANY(nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false)
    $$
"""


def quicken(*, using: str = DEFAULT_DB_ALIAS, **signal: Any) -> None:
    """Put the quick function in the place of the library's; a receiver of ``post_migrate``."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc(%s) IS NOT NULL", [_FUNCTION])
        (is_there,) = cursor.fetchone()
        if is_there:
            cursor.execute(_QUICK)
