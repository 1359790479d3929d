"""What can be refused in this room. Each message is a plain sentence with the remedy, fit to be shown as it
stands."""

from phb_register.exceptions import Refused


class EditConflict(Refused):
    """Somebody else saved the same text after this writer opened it."""

    def __init__(self, *, saved_by: str, current_version: int) -> None:
        super().__init__(
            f"{saved_by or 'Somebody else'} changed this section after you opened it. "
            "Compare their text with yours, then save again to replace theirs"
        )
        self.current_version = current_version


class TimelineConflict(Refused):
    """Somebody else saved the timeline after this writer opened it."""

    def __init__(self, *, saved_by: str) -> None:
        super().__init__(
            f"{saved_by or 'Somebody else'} saved the timeline after you opened it. What they changed is below, except "
            "where you changed the same row. Look at the rows with a note beside them, then save again"
        )


class EasyReadWrong(Refused):
    """Lines of an easy read version to be put right: place (from 0), field, and what to do."""

    def __init__(self, wrong: list[tuple[int, str, str]]) -> None:
        super().__init__("Put the lines right that are marked below")
        self.wrong = wrong


class EntryConflict(EditConflict):
    """Somebody else saved the same entry of the programme after this writer opened it."""

    def __init__(self, *, saved_by: str, current_version: int) -> None:
        Refused.__init__(
            self,
            f"{saved_by} changed this after you opened it. "
            "Compare theirs with yours, then save again to replace theirs",
        )
        self.current_version = current_version


class ExplanationConflict(EditConflict):
    """Somebody else said something of the same change after this writer opened it."""

    def __init__(self, *, saved_by: str, current_version: int) -> None:
        Refused.__init__(
            self,
            f"{saved_by or 'Somebody else'} wrote this after you opened it. "
            "Compare theirs with yours, then save again to replace theirs",
        )
        self.current_version = current_version


class TransitionRefused(Refused):
    """The state of the edition, or who is asking, does not allow this move."""


class TextIsLocked(Refused):
    """Text and timeline wait for a decision, or are decided upon."""


class NotDeliverable(Refused):
    """The edition cannot be published as it stands, for example because nobody provides one of its figures
    any more."""
