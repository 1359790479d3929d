"""Places in this room that upper rooms fill in their ``AppConfig.ready()``."""

from collections.abc import Callable
from dataclasses import dataclass

from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.slots import Slot

from .models import Referral


@dataclass(frozen=True)
class ReferralLink:
    """What an upper room says beneath a referral: where it leads, and the words of the link or button."""

    text: str
    url: str
    is_button: bool = False


@dataclass(frozen=True)
class ReferralAction:
    """A thing that an upper room can do with a referral, for those with ``permission`` for its commissioner.

    ``link`` is called with the user and the referral, and gives None where there is nothing to do.
    """

    code: str
    permission: Permission
    link: Callable[[User, Referral], ReferralLink | None]
    order: int = 100


referral_actions: Slot[ReferralAction] = Slot()


def referral_links_for(user: User, referral: Referral) -> list[ReferralLink]:
    """What the upper rooms offer this user for this referral."""
    found = [
        action.link(user, referral)
        for action in referral_actions
        if can(user, action.permission, referral.commissioner)
    ]
    return [link for link in found if link is not None]
