"""Reference data of this room: when the national collection takes returns, as far as it is known."""

import csv
import datetime as dt
from pathlib import Path

from reporting.models import ReturnWindow

FILE = Path(__file__).parent / "reference_files" / "return_windows.csv"


def load_return_windows() -> None:
    """Add the windows that are not recorded yet; one that is stays as somebody put it right."""
    known = set(ReturnWindow.objects.values_list("year", "quarter"))
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (int(row["year"]), int(row["quarter"])) not in known:
                ReturnWindow.objects.create(
                    year=int(row["year"]),
                    quarter=int(row["quarter"]),
                    opens_on=dt.date.fromisoformat(row["opens_on"]),
                    closes_on=dt.date.fromisoformat(row["closes_on"]),
                    source=row["source"],
                )
