"""Writing the easy read version of a section."""

from collections.abc import Sequence

from django.db import transaction

from offers import policies
from offers.enums import ContributionKind, WritingPart
from offers.exceptions import EasyReadWrong, EditConflict
from offers.models import EasyReadLine, LocalOffer, OfferSection, SectionDraft
from offers.rules import easy_read
from offers.rules.easy_read import TypedLine
from offers.selectors.drafts import easy_read_lines
from offers.services import contributions
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def save_easy_read(
    *, section: OfferSection, lines: Sequence[TypedLine], expected_version: int, by: User
) -> OfferSection:
    """Save the easy read lines of a section over the version their writer opened; lines without words are left out.

    Raises `EditConflict` if somebody saved them since, `TextIsLocked` while an edition waits for a decision,
    `EasyReadWrong` for lines to be put right, and `Refused` for too many. Saving what is there already changes nothing.
    """
    offer = LocalOffer.objects.select_for_update().get(pk=section.local_offer_id)
    current = (
        OfferSection.objects.select_for_update(of=("self",)).select_related("easy_read_saved_by").get(pk=section.pk)
    )
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    policies.check_text_may_change(offer)
    if current.easy_read_version != expected_version:
        raise EditConflict(
            saved_by=current.easy_read_saved_by.full_name if current.easy_read_saved_by else "",
            current_version=current.easy_read_version,
        )
    tidy = _checked(lines)
    SectionDraft.objects.filter(section=current, user=by, part=WritingPart.EASY_READ).delete()
    if tidy == easy_read_lines(current):
        return current
    EasyReadLine.objects.filter(section=current).delete()
    EasyReadLine.objects.bulk_create(
        EasyReadLine(section=current, position=position, picture=line.picture, words=line.words)
        for position, line in enumerate(tidy, start=1)
    )
    current.easy_read_version += 1
    current.easy_read_saved_by = by
    current.easy_read_saved_at = clock.now()
    current.save()
    contributions.note(offer=offer, by=by, to=ContributionKind.TEXT)
    audit.record(
        actor=by,
        action="save-easy-read",
        subject=current,
        commissioner=offer.commissioner,
        detail={"kind": current.kind, "version": current.easy_read_version, "lines": len(tidy)},
    )
    return current


def _checked(lines: Sequence[TypedLine]) -> list[TypedLine]:
    # The places are those on the page, where empty lines are counted too.
    by_place = {place: easy_read.tidied([line])[0] for place, line in enumerate(lines) if not line.is_empty}
    tidy = list(by_place.values())
    if len(tidy) > easy_read.MOST_LINES:
        raise Refused(f"Keep the easy read version to {easy_read.MOST_LINES} lines. Take out what matters least")
    places = list(by_place)
    wrong = easy_read.problems(tidy)
    if wrong:
        raise EasyReadWrong([(places[place], field, message) for place, field, message in wrong])
    return tidy
