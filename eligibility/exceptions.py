"""What the referral pathway refuses, each with a sentence for the person at the screen."""

import uuid

from phb_register.exceptions import Refused


class TransitionNotAllowed(Refused):
    """The referral is not in a state from which this can be done, often because somebody else acted first."""


class PersonDiffers(Refused):
    """The NHS number turned out to belong to somebody else than was described: a person must look at both."""


class DraftIncomplete(Refused):
    """A page of the draft is still to be filled in."""


class DraftSubmitted(Refused):
    """The draft has become a referral, perhaps in another tab. ``reference`` is the referral's."""

    def __init__(self, reference: uuid.UUID) -> None:
        super().__init__("You have submitted this referral already")
        self.reference = reference
