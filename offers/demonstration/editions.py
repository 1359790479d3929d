"""The editions of the demonstration's local offers."""

import datetime as dt
import time
from collections.abc import Callable

from offers.demonstration.offers import OFFERS
from offers.enums import EditionStatus
from offers.models import Edition, LocalOffer
from offers.services.editions import approve, start_edition, submit
from offers.services.publication import request_publication
from phb_register import clock, jobs
from phb_register.models import Job, JobState, User

#: The day the figures of edition 1 are counted on.
FIRST_FIGURES_ON = dt.date(2017, 2, 7)

WAIT = dt.timedelta(minutes=2)

Progress = Callable[[int, int], None]


def load_editions(progress: Progress) -> None:
    """Publish edition 1 of each offer: written by one user, approved by another, published by the job."""
    for done, each in enumerate(OFFERS, start=1):
        offer = LocalOffer.objects.get(commissioner__code=each.code)
        publish_first_edition(
            offer=offer,
            author=User.objects.get(email=each.author),
            approver=User.objects.get(email=each.approver),
            figures_as_at=FIRST_FIGURES_ON,
        )
        progress(done, len(OFFERS))


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
