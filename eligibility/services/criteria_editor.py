"""Writing the criteria of a draft, one change at a time."""

from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

from eligibility.models import RuleSetVersion
from eligibility.rules import criteria_editing as editing
from eligibility.rules.criteria_editing import Content, EditRefused, normal
from eligibility.rules.criteria_words import NodeKind
from eligibility.rules.reading_editing import remove_reading
from phb_register.exceptions import Refused
from phb_register.models import User

from .rule_sets import save_content
from .rule_sets.support import draft_for_edit

Edit = Callable[[Content], Content]

# What one press of a button does: to a place, or for the last two to a reading or a part by its name.
_PRESSES: Mapping[str, Callable[..., Content]] = {
    "up": partial(editing.move, by=-1),
    "down": partial(editing.move, by=1),
    "all": partial(editing.wrap, kind=NodeKind.ALL),
    "any": partial(editing.wrap, kind=NodeKind.ANY),
    "not": partial(editing.wrap, kind=NodeKind.NOT),
    "unwrap": editing.unwrap,
    "turn": editing.turn,
    "remove": editing.remove,
    "write-out": editing.write_out,
    "add-all": partial(editing.add, new={"all": []}),
    "add-any": partial(editing.add, new={"any": []}),
    "add-not": partial(editing.add, new={"not": {}}),
    "remove-part": editing.remove_part,
    "remove-reading": remove_reading,
}


def pressed(action: str, at: str) -> Edit:
    """The edit that a button makes at a place. Raises ``EditRefused`` for a button there is not."""
    press = _PRESSES.get(action)
    if press is None:
        raise EditRefused("Choose what to do from the buttons of a place.")
    return lambda content: press(content, at)


@transaction.atomic
def edit_criteria(*, version: RuleSetVersion, edit: Edit, revision: int, by: User) -> RuleSetVersion:
    """Make one change to a draft's criteria as they stand now. One that changes nothing is not saved.

    Raises ``PermissionDenied``, ``TransitionNotAllowed`` where it is no draft any more, ``VersionChanged`` where
    somebody saved it after ``revision``, and ``Refused`` for what cannot be done at this place.
    """
    held = draft_for_edit(version, revision=revision, by=by)
    before = normal(held.content)
    try:
        after = edit(before)
    except EditRefused as refused:
        raise Refused(str(refused)) from refused
    if after == before:
        return held
    return save_content(version=held, content=after, revision=revision, by=by)
