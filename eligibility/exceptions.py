"""What the referral pathway and the life of rule sets refuse, each with a sentence for the person at the screen."""

import uuid
from collections.abc import Iterable
from typing import Any

from phb_register.exceptions import Refused


class TransitionNotAllowed(Refused):
    """The state of the referral or version does not allow this, often because somebody else acted first."""


class PersonDiffers(Refused):
    """The NHS number turned out to belong to somebody else than was described: a person must look at both."""


class DraftIncomplete(Refused):
    """A page of the draft is still to be filled in."""


class DraftSubmitted(Refused):
    """The draft has become a referral, perhaps in another tab. ``reference`` is the referral's."""

    def __init__(self, reference: uuid.UUID) -> None:
        super().__init__("You have submitted this referral already")
        self.reference = reference


class VersionChanged(Refused):
    """Somebody else edited the version after this editor opened it; ``revision`` is the one they made."""

    def __init__(self, *, edited_by: str, revision: int) -> None:
        super().__init__(
            f"{edited_by or 'Somebody else'} changed this version after you opened it, so yours was not saved. "
            "Compare it with what is saved now, then save again to replace that"
        )
        self.revision = revision


class NotFitForApproval(Refused):
    """The version cannot be submitted or approved as it stands; ``faults`` names each place or case to mend."""

    def __init__(self, message: str, faults: Iterable[str] = (), *, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.faults = tuple(faults)


class TemplateChanged(Refused):
    """Somebody saved another version of a letter's template while this one was being written.

    ``current`` is theirs; nothing of what was typed is lost.
    """

    def __init__(self, current: Any) -> None:
        super().__init__(
            "Somebody saved another version while you were writing. Compare yours with it, and save again to replace it"
        )
        self.current = current
