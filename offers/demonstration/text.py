"""The text of the demonstration's local offers, and its easy read version."""

from collections.abc import Callable
from pathlib import Path

from offers.demonstration.offers import FILES, OFFERS
from offers.enums import SectionKind
from offers.models import OfferSection
from offers.rules.easy_read import TypedLine
from offers.services.easy_read import save_easy_read
from offers.services.sections import save_section
from phb_register.models import User

Progress = Callable[[int, int], None]


def load_text(progress: Progress) -> None:
    """Write the sections of each offer that nobody has written in."""
    for done, each in enumerate(OFFERS, start=1):
        by = User.objects.get(email=each.author)
        for section in OfferSection.objects.filter(local_offer__commissioner__code=each.code):
            if section.version == 1 and not section.body:
                _write(section, FILES / "sections" / each.code / f"{section.kind}.md", by)
            if section.easy_read_version == 1:
                _write_easy_read(section, FILES / "easy_read" / each.code / f"{section.kind}.txt", by)
        progress(done, len(OFFERS))


def _write(section: OfferSection, file: Path, by: User) -> None:
    if file.exists():
        save_section(
            section=section,
            heading=SectionKind(section.kind).label,
            body=file.read_text(encoding="utf-8").strip(),
            expected_version=section.version,
            by=by,
        )


def _write_easy_read(section: OfferSection, file: Path, by: User) -> None:
    if file.exists():
        lines = (line.split(" | ", 1) for line in file.read_text(encoding="utf-8").splitlines())
        save_easy_read(
            section=section,
            lines=[TypedLine(picture, words) for picture, words in lines],
            expected_version=section.easy_read_version,
            by=by,
        )
