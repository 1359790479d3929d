"""The pictures of easy read texts: one small set, drawn for the project, in `static/src/pictures`.

A picture says again what the words beside it say, so readers meet the same picture for the same thing in every offer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A picture of the set. `shows` is its alternative text, also the words it is chosen by."""

    code: str
    shows: str

    @property
    def path(self) -> str:
        """The file, below the static files."""
        return f"pictures/{self.code}.svg"


PICTURES: tuple[Picture, ...] = (
    Picture("person", "A person"),
    Picture("people", "Three people"),
    Picture("child", "An adult and a child"),
    Picture("nurse", "A nurse"),
    Picture("meeting", "People in a meeting"),
    Picture("help", "Two people who work something out together"),
    Picture("work", "A case for work"),
    Picture("home", "A house"),
    Picture("hospital", "A hospital"),
    Picture("health", "A heart"),
    Picture("mind", "A head with thoughts"),
    Picture("wheelchair", "A person in a wheelchair"),
    Picture("money", "A bank note"),
    Picture("bank-card", "A bank card"),
    Picture("plan", "A list with ticks"),
    Picture("write", "A page and a pencil"),
    Picture("look", "A magnifying glass"),
    Picture("choice", "A signpost with two ways"),
    Picture("equal", "Scales in balance"),
    Picture("steps", "Steps that go up"),
    Picture("yes", "A tick: yes"),
    Picture("no", "A cross: no"),
    Picture("question", "A question mark"),
    Picture("talk", "People talking"),
    Picture("phone", "A telephone"),
    Picture("letter", "A letter"),
    Picture("computer", "A computer"),
    Picture("calendar", "A calendar"),
    Picture("clock", "A clock"),
    Picture("map", "A map"),
)
PICTURES_BY_CODE = {picture.code: picture for picture in PICTURES}
