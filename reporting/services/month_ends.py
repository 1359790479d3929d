"""The figures of a month's end, fixed for readers who see no people once late entries have had their time.

Else they are fixed when such a reader first looks. That look has to wait for the counting, and what a month's end says
would hang on who looked when.
"""

import datetime as dt

from phb_register.dates import last_month_end
from phb_register.selectors.commissioners import members_on
from reporting.rules.scheduled_reports import DAYS_FOR_LATE_ENTRIES
from reporting.selectors.month_ends import read_without_people
from reporting.selectors.scope import counted
from reporting.services.releases import fix_all_figures
from reporting.services.variation import fix_members

PURPOSE = "month-end"


def fix_month_end(today: dt.date) -> int:
    """Fix the last month's end that is old enough, of each commissioner that somebody reads without seeing people.

    Returns of how many. Done again it changes nothing.
    """
    as_at = last_month_end(today - dt.timedelta(days=DAYS_FOR_LATE_ENTRIES))
    scopes = [counted(commissioner, as_at) for commissioner in read_without_people(today, as_at)]
    fix_all_figures(scopes, purpose=PURPOSE, to=None)
    for scope in scopes:
        fix_members(scope, list(members_on(scope.commissioner, as_at)), purpose=PURPOSE, to=None)
    return len(scopes)
