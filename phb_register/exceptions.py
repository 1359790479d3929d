"""Refusals that a page turns into a message: each says what to do about it."""


class Refused(Exception):
    """A rule forbids what was asked. ``str()`` is a plain sentence with the remedy; ``field`` the field it is about."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class HeldElsewhere(Refused):
    """The NHS number belongs to a person whom another commissioner is responsible for."""
