"""What the pages of this room show."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from offers import policies
from offers.enums import EditionStatus
from offers.models import Cohort, Edition, EditionTransition, LocalOffer, OfferSection
from offers.rules.editions import PUBLIC_STATUSES, Verb
from phb_register.models import Commissioner, Job, JobState
from phb_register.roles import Permission
from phb_register.scope import membership_ids

# A list of editions needs neither the frozen text nor the file.
_LIGHT = Edition.objects.defer("snapshot").select_related("local_offer", "author", "approved_by", "publication_job")


def public_offers() -> list[LocalOffer]:
    """Every local offer, with the list `current_editions`: the published one, or nothing."""
    published = Edition.objects.defer("snapshot").current()
    return list(
        LocalOffer.objects.select_related("commissioner").prefetch_related(
            Prefetch("editions", queryset=published, to_attr="current_editions")
        )
    )


def public_offer(slug: str) -> LocalOffer | None:
    """The offer at a public address."""
    return LocalOffer.objects.select_related("commissioner").filter(slug=slug).first()


def current_edition(slug: str) -> Edition | None:
    """The published edition of an offer, whole."""
    return Edition.objects.current().select_related("local_offer").filter(local_offer__slug=slug).first()


def public_edition(slug: str, number: int) -> Edition | None:
    """An edition that is or was published, whole; also one withdrawn afterwards, which the page then says."""
    was_published = Q(status__in=PUBLIC_STATUSES) | Q(status=EditionStatus.WITHDRAWN, published_at__isnull=False)
    return (
        Edition.objects.filter(was_published, local_offer__slug=slug, number=number)
        .select_related("local_offer")
        .first()
    )


def public_editions(offer: LocalOffer) -> list[Edition]:
    """The editions anybody may read, newest first."""
    return list(Edition.objects.public().filter(local_offer=offer).defer("snapshot").order_by("-number"))


def withdrawn_numbers(offer: LocalOffer) -> list[int]:
    """The editions that were published and then withdrawn, which their pages say."""
    withdrawn = Edition.objects.filter(local_offer=offer, status=EditionStatus.WITHDRAWN, published_at__isnull=False)
    return list(withdrawn.order_by("number").values_list("number", flat=True))


def offers_of(user: Any) -> list[LocalOffer]:
    """The offers the user may see on staff pages."""
    return list(LocalOffer.objects.visible_to(user).select_related("commissioner"))


def commissioners_without_offer(user: Any) -> QuerySet[Commissioner]:
    """The commissioners and partnerships the user writes for by name that have no local offer of their own yet."""
    named = membership_ids(user, Permission.WRITE_OFFERS)
    return Commissioner.objects.filter(pk__in=named).exclude(pk__in=LocalOffer.objects.values("commissioner"))


def offer_of(user: Any, permission: Permission, slug: str) -> LocalOffer | None:
    """The offer at an address, if the user has the permission for it; else None, as if there were none."""
    return LocalOffer.objects.visible_to(user, permission).select_related("commissioner").filter(slug=slug).first()


def sections_of(offer: LocalOffer) -> QuerySet[OfferSection]:
    """The sections being written, in order, with who saved them last, and their easy read lines."""
    sections = OfferSection.objects.filter(local_offer=offer).select_related(
        "local_offer__commissioner", "saved_by", "easy_read_saved_by"
    )
    return sections.prefetch_related("easy_read_lines").order_by("position", "pk")


def section_of(offer: LocalOffer, kind: str) -> OfferSection | None:
    """One section of an offer."""
    return sections_of(offer).filter(kind=kind).first()


def cohorts(offer: LocalOffer) -> QuerySet[Cohort]:
    """The cohorts an offer's timeline may name, in their order."""
    return Cohort.objects.on_offer(offer)


def own_cohorts(offer: LocalOffer) -> list[Cohort]:
    """The cohorts that are this offer's alone."""
    return list(Cohort.objects.filter(local_offer=offer))


def own_cohort(offer: LocalOffer, code: str) -> Cohort | None:
    """One of them."""
    return Cohort.objects.filter(local_offer=offer, code=code).first()


def editions_of(offer: LocalOffer) -> list[Edition]:
    """Every edition of an offer, newest first, without the frozen text."""
    return list(_LIGHT.filter(local_offer=offer).order_by("-number"))


def open_edition(offer: LocalOffer) -> Edition | None:
    """The edition on its way to publication, if there is one."""
    return _LIGHT.filter(local_offer=offer).still_open().first()


def edition_of(offer: LocalOffer, number: int) -> Edition | None:
    """One edition of an offer, for staff."""
    return _LIGHT.filter(local_offer=offer, number=number).first()


def transitions_of(edition: Edition) -> list[EditionTransition]:
    """What happened to an edition, the latest last."""
    return list(EditionTransition.objects.filter(edition=edition).select_related("by"))


def withdrawal_of(edition: Edition) -> EditionTransition | None:
    """When and why an edition was withdrawn."""
    return EditionTransition.objects.filter(edition=edition, verb=Verb.WITHDRAW).first()


def failed_publication(edition: Edition) -> Job | None:
    """The publication job of an edition, where it failed and is to be asked for again."""
    job = edition.publication_job
    return job if job and job.state == JobState.FAILED and edition.status == EditionStatus.APPROVED else None


def running_publication(edition: Edition) -> Job | None:
    """The publication job of an edition, where it waits or runs."""
    job = edition.publication_job
    return job if job and job.state in (JobState.QUEUED, JobState.RUNNING) else None


def waiting_for_approval(user: Any) -> list[Edition]:
    """Submitted editions the user may decide: those they had no hand in, the oldest first."""
    visible = LocalOffer.objects.visible_to(user, Permission.APPROVE_OFFERS)
    waiting = _LIGHT.filter(local_offer__in=visible, status=EditionStatus.SUBMITTED).exclude(author=user)
    return [each for each in waiting.order_by("pk") if not policies.wrote_in(user, each)]


def waiting_for_publication(user: Any) -> list[Edition]:
    """Approved editions the user may publish, the oldest approval first."""
    visible = LocalOffer.objects.visible_to(user, Permission.PUBLISH_OFFERS)
    return list(_LIGHT.filter(local_offer__in=visible, status=EditionStatus.APPROVED).order_by("approved_at"))


def returned_to_author(user: Any) -> list[tuple[Edition, EditionTransition]]:
    """Drafts of the user's offers that came back from the governing body, each with the return and its reason."""
    visible = LocalOffer.objects.visible_to(user, Permission.WRITE_OFFERS)
    drafts = list(_LIGHT.filter(local_offer__in=visible, status=EditionStatus.DRAFT))
    moves = EditionTransition.objects.filter(edition__in=drafts).select_related("by").order_by("at", "pk")
    # A later move of the same edition takes the place of an earlier one.
    last = {move.edition_id: move for move in moves}
    return [(each, last[each.pk]) for each in drafts if each.pk in last and last[each.pk].verb == Verb.RETURN]
