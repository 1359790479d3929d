"""Publication: asked for by a person, done once by a background job, in one transaction.

A worker that is killed leaves either the approved edition as it was or the published one whole; the job, run
again, finds which it is. Two people who press Publish make one job, because its key is the edition's.
"""

from django.db import transaction

from offers import policies
from offers.exceptions import NotDeliverable, TransitionRefused
from offers.models import Edition
from offers.rules.editions import Verb, find
from offers.rules.snapshots import content_hash
from offers.selectors.content import current_snapshot
from offers.selectors.since import Since, since_of
from offers.services.documents import keep_documents, make_documents
from offers.services.editions import fix_figures, locked, make_move
from phb_register import clock, jobs
from phb_register.models import Job, User
from phb_register.roles import Permission

JOB_KIND = "publish-edition"


@transaction.atomic
def request_publication(*, edition: Edition, by: User) -> Job:
    """Ask for an approved edition to be published. Asking again gives the same job; one that failed is tried
    again."""
    edition = locked(edition)
    policies.check_transition(by, edition, Verb.PUBLISH)
    job = jobs.enqueue(
        kind=JOB_KIND,
        key=f"{JOB_KIND}-{edition.pk}",
        parameters={"edition": edition.pk, "by": by.pk},
        requested_by=by,
        commissioner=edition.local_offer.commissioner,
    )
    if edition.publication_job_id != job.pk:
        edition.publication_job = job
        edition.save(update_fields=["publication_job"])
    return job


@transaction.atomic
def publish(*, edition: Edition, by: User) -> Edition:
    """Freeze an approved edition and put it in the place of the one before. Publishing twice changes nothing.

    Freezes text, timeline and figures into the snapshot, hashes it, makes the PDFs from it and stores them,
    supersedes the previous edition. Raises `NotDeliverable` if a figure in the text has no provider or a change no
    reason, `TransitionRefused` if the edition is not approved.
    """
    edition = locked(edition)
    if edition.published_at is not None:
        return edition
    policies.check_permission(by, Permission.PUBLISH_OFFERS, edition.local_offer)
    move = find(Verb.PUBLISH, edition.status)
    if move is None:
        raise TransitionRefused("Only an approved edition can be published. Have it approved first")
    fix_figures(edition)
    snapshot, missing = current_snapshot(edition, published_on=clock.today())
    if missing:
        raise NotDeliverable(
            f"The text asks for figures that are not provided: {', '.join(missing)}. "
            "Withdraw the edition and change the text"
        )
    check_explained(since_of(edition, snapshot))
    digest = content_hash(snapshot)
    made = make_documents(snapshot, digest)
    supersede_current(edition, by=by)
    edition.snapshot = snapshot
    edition.content_hash = digest
    edition.published_by = by
    edition.published_at = clock.now()
    keep_documents(edition, made, by=by)
    return make_move(edition, move, by=by, detail={"content_hash": digest})


def check_explained(since: Since | None) -> None:
    """Raise `NotDeliverable` where a change has no reason: the edition it was compared with was withdrawn since."""
    if since and since.unexplained:
        raise NotDeliverable(
            f"Readers know edition {since.base.number} now, and not every change since then has its reason. "
            "Withdraw this edition, start another, and give the reasons"
        )


def supersede_current(edition: Edition, *, by: User) -> None:
    """Give way: the edition published until now becomes superseded, and stays readable at its own address."""
    previous = Edition.objects.select_for_update(of=("self",)).filter(local_offer=edition.local_offer).current().first()
    move = find(Verb.SUPERSEDE, previous.status) if previous else None
    if previous is not None and move is not None:
        make_move(previous, move, by=by, reason=f"Edition {edition.number} was published")
