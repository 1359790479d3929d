"""A known change behind one of the XmR charts, and an import of numbers of eligible people. All invented."""

import datetime as dt
from collections.abc import Callable

from phb_register.models import Commissioner, User
from reporting.models import EligibleImport, Recalculation
from reporting.rules.variation import Series
from reporting.services.eligible_imports import IMPORTS
from reporting.services.variation import record_recalculation

CHANGED = "Invented for the demonstration: ward nurses refer by the new form"
FILE = (
    "commissioner,cohort,counted_on,setting,people,fast_track_people,source\n"
    "QSL,chc,2026-01-31,care home,1120,310,Invented for the demonstration\n"
    "QSL,s117,2026-01-31,community,640,,Invented for the demonstration\n"
)


def load(progress: Callable[[int, int], None]) -> None:
    """Record the change and import the file, each where it is not there yet."""
    llr = Commissioner.objects.get(code="LLR")
    if not Recalculation.objects.for_commissioner(llr).exists():
        record_recalculation(
            commissioner=llr,
            by=User.objects.get(email="team@llr.example.nhs.uk"),
            series=Series.RECEIVED,
            begins_on=dt.date(2025, 10, 1),
            reason=CHANGED,
        )
    progress(1, 2)
    somerset = Commissioner.objects.get(code="QSL")
    if not EligibleImport.objects.filter(commissioner=somerset).exists():
        by = User.objects.get(email="team@somerset.example.nhs.uk")
        taken = IMPORTS.upload(commissioner=somerset, filename="eligible.csv", content=FILE.encode(), by=by)
        IMPORTS.run_at_once(file_import=taken, by=by, progress=lambda done, total: None)
    progress(2, 2)
