"""Refusals that a page turns into a message: each says what to do about it."""

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """A rule forbids what was asked. ``str()`` is a plain sentence with the remedy; ``field`` the field it is about."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class HeldElsewhere(Refused):
    """The NHS number belongs to a person whom another commissioner is responsible for."""


class PossibleDuplicates(Refused):
    """Others on the register may be the same person: somebody has to say of each that they are somebody else."""

    def __init__(self, people: Sequence[Any]) -> None:
        super().__init__("Select whether it is one of the people shown, or somebody else")
        self.people = people
