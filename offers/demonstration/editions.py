"""The editions of the demonstration's local offers: a first of each, and the yearly update of two.

Safe to run again: an edition goes on from where it stands.
"""

import datetime as dt
import time
from collections.abc import Callable

from offers.demonstration.offers import OFFERS
from offers.demonstration.yearly_updates import UPDATES, write_update
from offers.enums import EditionStatus
from offers.models import Edition, LocalOffer
from offers.services.editions import approve, start_edition, submit
from offers.services.publication import request_publication
from phb_register import clock, jobs
from phb_register.models import Job, JobState, User

#: Commissioner's code: the day the figures of edition 1 are counted on, and that of the meeting that approved it.
FIRST = {
    "LLR": (dt.date(2017, 2, 7), dt.date(2017, 9, 21)),
    "11X": (dt.date(2017, 2, 7), dt.date(2017, 6, 15)),
    "SURREY": (dt.date(2013, 12, 1), dt.date(2013, 12, 12)),
}

WAIT = dt.timedelta(minutes=2)

Progress = Callable[[int, int], None]


def load_editions(progress: Progress) -> None:
    """Publish edition 1 of each offer: written by one user, approved by another, published by the job."""
    for done, each in enumerate(OFFERS, start=1):
        offer = LocalOffer.objects.get(commissioner__code=each.code)
        author, approver = (User.objects.get(email=email) for email in (each.author, each.approver))
        figures_as_at, approved_on = FIRST[each.code]
        edition = Edition.objects.filter(local_offer=offer, number=1).first()
        if edition is None:
            edition = start_edition(offer=offer, title=offer.title, figures_as_at=figures_as_at, by=author)
        bring_to_publication(edition, author=author, approver=approver, approved_on=approved_on)
        progress(done, len(OFFERS))


def load_yearly_updates(progress: Progress) -> None:
    """Publish edition 2 of two offers, each with what changed since the first, why, and how far the plan has got."""
    offers = {each.code: each for each in OFFERS}
    for done, update in enumerate(UPDATES, start=1):
        offer = LocalOffer.objects.get(commissioner__code=update.code)
        users = offers[update.code]
        author, approver = (User.objects.get(email=email) for email in (users.author, users.approver))
        edition = Edition.objects.filter(local_offer=offer, number=2).first()
        if edition is None:
            edition = start_edition(offer=offer, title=offer.title, figures_as_at=update.figures_as_at, by=author)
        if edition.status == EditionStatus.DRAFT:
            edition = write_update(update, edition=edition, by=author)
        bring_to_publication(edition, author=author, approver=approver, approved_on=update.approved_on)
        progress(done, len(UPDATES))


def bring_to_publication(edition: Edition, *, author: User, approver: User, approved_on: dt.date) -> Edition:
    """Bring an edition to publication from wherever it stands. Raises `RuntimeError` where the job fails."""
    if edition.status == EditionStatus.DRAFT:
        edition = submit(edition=edition, by=author)
    if edition.status == EditionStatus.SUBMITTED:
        edition = approve(edition=edition, by=approver, approved_on=approved_on)
    if edition.status == EditionStatus.APPROVED:
        job = request_publication(edition=edition, by=approver)
        run_to_its_end(job)
        if job.state != JobState.DONE:
            raise RuntimeError(f"{edition} was not published: {job.error}")
    return edition


def run_to_its_end(job: Job) -> None:
    """Run a job here, or wait for the worker that was quicker."""
    deadline = clock.now() + WAIT
    while not job.is_finished and clock.now() < deadline:
        jobs.run(job.pk)
        job.refresh_from_db()
        if not job.is_finished:
            time.sleep(0.2)
