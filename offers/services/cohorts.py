"""A local offer's own cohorts: groups its commissioner chose that the shared list does not have."""

from django.db import transaction
from django.utils.text import slugify

from offers import policies
from offers.enums import ContributionKind
from offers.models import Cohort, LocalOffer
from offers.services import contributions
from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

LONGEST_CODE = 40
# Behind the shared ones, whose order stops well before it.
FIRST_POSITION = 500


@transaction.atomic
def add_cohort(*, offer: LocalOffer, name: str, description: str, by: User) -> Cohort:
    """Add a cohort that only this offer, its rule sets and its figures name.

    Raises `PermissionDenied`, and `Refused` where the offer, or the shared list, has the name already.
    """
    # Held, so that two who add at once do not take one code.
    offer = LocalOffer.objects.select_for_update().get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    own = Cohort.objects.filter(local_offer=offer).count()
    cohort = Cohort(
        code=_free_code(offer, name),
        name=name.strip(),
        description=description.strip(),
        position=FIRST_POSITION + own,
        local_offer=offer,
    )
    _save(cohort, offer)
    contributions.note(offer=offer, by=by, to=ContributionKind.TIMELINE)
    audit.record(actor=by, action="add-cohort", subject=cohort, commissioner=offer.commissioner)
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, offer: LocalOffer, name: str, description: str, by: User) -> Cohort:
    """Change what an own cohort is called and how it is described; its code stays.

    Raises as `add_cohort` does, and `TextIsLocked` while an edition waits for a decision.
    """
    offer = LocalOffer.objects.select_for_update().get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    # Its name stands on the timeline.
    policies.check_text_may_change(offer)
    held = Cohort.objects.select_for_update().get(pk=cohort.pk, local_offer=offer)
    held.name, held.description = name.strip(), description.strip()
    _save(held, offer)
    contributions.note(offer=offer, by=by, to=ContributionKind.TIMELINE)
    audit.record(actor=by, action="change-cohort", subject=held, commissioner=offer.commissioner)
    return held


def _save(cohort: Cohort, offer: LocalOffer) -> None:
    known = Cohort.objects.on_offer(offer).exclude(pk=cohort.pk)
    if known.filter(name__iexact=cohort.name).exists():
        raise Refused(
            "There is a cohort of this name already. Choose another name, or use that one on the timeline", field="name"
        )
    cohort.full_clean()
    cohort.save()


def _free_code(offer: LocalOffer, name: str) -> str:
    """A code nobody has: whose it is and what it is called, with a number where that is taken."""
    stem = slugify(f"{offer.commissioner.code} {name}")[:LONGEST_CODE].strip("-") or slugify(offer.commissioner.code)
    taken = set(Cohort.objects.filter(code__startswith=stem[: LONGEST_CODE - 4]).values_list("code", flat=True))
    numbered = (f"{stem[: LONGEST_CODE - 4]}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)
