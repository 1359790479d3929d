"""Starting a local offer."""

from django.db import transaction

from offers.enums import SectionKind
from offers.models import LocalOffer, OfferSection
from phb_register import audit, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission


@transaction.atomic
def create_offer(*, commissioner: Commissioner, slug: str, title: str, by: User) -> LocalOffer:
    """Start the local offer of a commissioner or partnership, with the template's sections to be written.

    Raises `ValidationError` where the commissioner has one already, or the address is taken or reserved.
    """
    scope.check(by, Permission.WRITE_OFFERS, commissioner)
    offer = LocalOffer(slug=slug, title=title, commissioner=commissioner)
    offer.full_clean()
    offer.save()
    add_sections(offer)
    audit.record(actor=by, action="create-offer", subject=offer, commissioner=commissioner)
    return offer


def add_sections(offer: LocalOffer) -> None:
    """Give an offer those sections of the template that it has not got, empty and in their order."""
    known = set(offer.sections.values_list("kind", flat=True))
    OfferSection.objects.bulk_create(
        OfferSection(local_offer=offer, kind=kind.value, heading=kind.label, position=position)
        for position, kind in enumerate(SectionKind, start=1)
        if kind not in known
    )
