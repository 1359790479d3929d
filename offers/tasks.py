"""Background work of this room; each calls one service."""

from django.urls import reverse

from offers.models import Edition
from offers.services import publication
from phb_register.exceptions import Refused
from phb_register.jobs import JobFailed, JobRun, job_kind
from phb_register.models import User


@job_kind(publication.JOB_KIND, title="Publishing a local offer")
def publish_edition(run: JobRun) -> None:
    """Publish the edition that the job names. Run again after it succeeded, it changes nothing."""
    edition = Edition.objects.select_related("local_offer").get(pk=run.parameters["edition"])
    by = User.objects.get(pk=run.parameters["by"])
    run.progress(0, 1)
    try:
        publication.publish(edition=edition, by=by)
    except Refused as refusal:
        raise JobFailed(str(refusal)) from refusal
    run.result(reverse("offers:edition", args=[edition.local_offer.slug, edition.number]))
    run.progress(1, 1)
