"""Writing the text of an offer."""

from django.core.exceptions import ValidationError
from django.db import transaction

from offers import figures, policies
from offers.enums import ContributionKind, WritingPart
from offers.exceptions import EditConflict
from offers.models import LocalOffer, OfferSection, SectionDraft
from offers.rules import text
from offers.services import contributions
from phb_register import audit, clock
from phb_register.models import User
from phb_register.roles import Permission

#: About twenty pages. A section of more is not read.
LONGEST_BODY = 50_000


@transaction.atomic
def save_section(*, section: OfferSection, heading: str, body: str, expected_version: int, by: User) -> OfferSection:
    """Save a section over the version its writer opened; what was kept for them as a draft goes.

    Raises `EditConflict` if somebody saved it since, `TextIsLocked` while an edition waits for a decision,
    and `ValidationError` (field `body`) for a figure slot that nobody provides, or a text that is too long. Saving
    what is there already changes nothing.
    """
    offer = LocalOffer.objects.select_for_update().get(pk=section.local_offer_id)
    current = OfferSection.objects.select_for_update(of=("self",)).select_related("saved_by").get(pk=section.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    policies.check_text_may_change(offer)
    if current.version != expected_version:
        raise EditConflict(
            saved_by=current.saved_by.full_name if current.saved_by else "", current_version=current.version
        )
    check_body(body)
    SectionDraft.objects.filter(section=current, user=by, part=WritingPart.TEXT).delete()
    if (current.heading, current.body) == (heading, body):
        return current
    current.heading = heading
    current.body = body
    current.version += 1
    current.saved_by = by
    current.saved_at = clock.now()
    current.save()
    contributions.note(offer=offer, by=by, to=ContributionKind.TEXT)
    audit.record(
        actor=by,
        action="save-section",
        subject=current,
        commissioner=offer.commissioner,
        detail={"kind": current.kind, "version": current.version},
    )
    return current


def check_body(body: str) -> None:
    """Raise `ValidationError` naming what is wrong with a text, and the remedy: its length, or slots of no figure."""
    if len(body) > LONGEST_BODY:
        raise ValidationError({"body": f"Text must be {LONGEST_BODY:,} characters or fewer. Make it shorter"})
    found = text.problems(body, [figure.code for figure in figures.known()])
    if found:
        raise ValidationError({"body": [problem.message for problem in found]})
