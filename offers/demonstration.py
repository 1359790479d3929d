"""The demonstration's local offers: their text in our own words, and first editions published by the services.

Safe to run again: a section somebody has written in is left alone, and an edition goes on from where it stands.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

from offers.enums import EditionStatus, SectionKind
from offers.models import Edition, LocalOffer, OfferSection
from offers.services.editions import approve, start_edition, submit
from offers.services.publication import request_publication
from offers.services.sections import save_section
from phb_register import clock, jobs
from phb_register.models import Job, JobState, User

FILES = Path(__file__).parent / "demonstration_files"

#: Commissioner's code, author, approver, and the day the figures of edition 1 are counted on.
_EDITIONS = (
    ("LLR", "team@llr.example.nhs.uk", "approver@llr.example.nhs.uk", dt.date(2017, 2, 7)),
    ("11X", "team@somerset.example.nhs.uk", "approver@somerset.example.nhs.uk", dt.date(2017, 2, 7)),
)

WAIT = dt.timedelta(minutes=2)

Progress = Callable[[int, int], None]


def load_text(progress: Progress) -> None:
    """Write the sections of each offer that are still empty."""
    for done, (code, author, _, _) in enumerate(_EDITIONS, start=1):
        by = User.objects.get(email=author)
        for section in OfferSection.objects.filter(local_offer__commissioner__code=code, body="", version=1):
            file = FILES / "sections" / code / f"{section.kind}.md"
            if file.exists():
                save_section(
                    section=section,
                    heading=SectionKind(section.kind).label,
                    body=file.read_text(encoding="utf-8").strip(),
                    expected_version=section.version,
                    by=by,
                )
        progress(done, len(_EDITIONS))


def load_editions(progress: Progress) -> None:
    """Publish edition 1 of each offer: written by one user, approved by another, published by the job."""
    for done, (code, author, approver, as_at) in enumerate(_EDITIONS, start=1):
        offer = LocalOffer.objects.get(commissioner__code=code)
        publish_first_edition(
            offer=offer,
            author=User.objects.get(email=author),
            approver=User.objects.get(email=approver),
            figures_as_at=as_at,
        )
        progress(done, len(_EDITIONS))


def publish_first_edition(*, offer: LocalOffer, author: User, approver: User, figures_as_at: dt.date) -> Edition | None:
    """Bring edition 1 to publication from wherever it stands. Raises `RuntimeError` where the job fails."""
    edition = Edition.objects.filter(local_offer=offer, number=1).first()
    if edition is None:
        edition = start_edition(offer=offer, title=offer.title, figures_as_at=figures_as_at, by=author)
    if edition.status == EditionStatus.DRAFT:
        edition = submit(edition=edition, by=author)
    if edition.status == EditionStatus.SUBMITTED:
        edition = approve(edition=edition, by=approver)
    if edition.status == EditionStatus.APPROVED:
        job = request_publication(edition=edition, by=approver)
        run_to_its_end(job)
        if job.state != JobState.DONE:
            raise RuntimeError(f"Edition 1 of {offer} was not published: {job.error}")
    return edition


def run_to_its_end(job: Job) -> None:
    """Run a job here, or wait for the worker that was quicker."""
    deadline = clock.now() + WAIT
    while not job.is_finished and clock.now() < deadline:
        jobs.run(job.pk)
        job.refresh_from_db()
        if not job.is_finished:
            time.sleep(0.2)
