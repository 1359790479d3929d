"""Keeping what is typed of a section before it is saved."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from offers import policies
from offers.enums import WritingPart
from offers.models import OfferSection, SectionDraft
from offers.selectors.drafts import saved_content
from phb_register.models import User
from phb_register.roles import Permission


@transaction.atomic
def keep_draft(
    *, section: OfferSection, part: WritingPart, content: Mapping[str, Any], based_on: int, by: User, at: dt.datetime
) -> bool:
    """Keep what somebody has typed of one part, in the place of what was kept for them before. Never saves it.

    `content` is as `SectionDraft` says. What is typed is what is saved already: then nothing is kept. Returns whether
    something is. Raises `PermissionDenied`. Two pages that keep at once leave the later one.
    """
    policies.check_permission(by, Permission.WRITE_OFFERS, section.local_offer)
    if dict(content) == saved_content(section, part):
        discard_draft(section=section, part=part, by=by)
        return False
    draft = SectionDraft(
        section=section, user=by, part=part, content=dict(content), based_on=max(based_on, 1), saved_at=at
    )
    SectionDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["section", "user", "part"],
        update_fields=["content", "based_on", "saved_at"],
    )
    return True


@transaction.atomic
def discard_draft(*, section: OfferSection, part: WritingPart, by: User) -> None:
    """Throw away what was kept for somebody; what is saved stays. Raises `PermissionDenied`."""
    policies.check_permission(by, Permission.WRITE_OFFERS, section.local_offer)
    SectionDraft.objects.filter(section=section, user=by, part=part).delete()
