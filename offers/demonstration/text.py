"""The text of the demonstration's local offers."""

from collections.abc import Callable

from offers.demonstration.offers import FILES, OFFERS
from offers.enums import SectionKind
from offers.models import OfferSection
from offers.services.sections import save_section
from phb_register.models import User

Progress = Callable[[int, int], None]


def load_text(progress: Progress) -> None:
    """Write the sections of each offer that are still empty."""
    for done, each in enumerate(OFFERS, start=1):
        by = User.objects.get(email=each.author)
        for section in OfferSection.objects.filter(local_offer__commissioner__code=each.code, body="", version=1):
            file = FILES / "sections" / each.code / f"{section.kind}.md"
            if file.exists():
                save_section(
                    section=section,
                    heading=SectionKind(section.kind).label,
                    body=file.read_text(encoding="utf-8").strip(),
                    expected_version=section.version,
                    by=by,
                )
        progress(done, len(OFFERS))
