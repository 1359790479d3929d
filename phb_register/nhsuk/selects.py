"""Lists to choose from with many options: the design system's macro renders one option of each kind, for all of them.

The macro takes a tenth of a millisecond an option, and there are 266 commissioners. As in `tables`, the markup is the
macro's own, letter for letter (tests/unit/phb_register/test_nhsuk_selects.py).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import escape

#: Fewer options are left to the macro.
FEWEST_OPTIONS = 8
_VALUE, _TEXT = "\ue000value\ue001", "\ue000text\ue001"
_OPTION = re.compile(r"<option.*?</option>", re.DOTALL)
_PLAIN = {"value", "text", "selected"}


def render_select(macro: Callable[[Mapping[str, Any]], str], params: Mapping[str, Any]) -> str:
    """What `macro` makes of a list to choose from, sooner where it has many options."""
    items = params.get("items")
    if not isinstance(items, list) or len(items) < FEWEST_OPTIONS or params.get("value"):
        return str(macro(params))
    if not all(isinstance(item, dict) and item.keys() == _PLAIN and _is_plain(item) for item in items):
        return str(macro(params))
    models = [{"value": _VALUE, "text": _TEXT, "selected": selected} for selected in (False, True)]
    made = str(macro({**params, "items": models}))
    found = list(_OPTION.finditer(made))
    if len(found) != len(models):
        return str(macro(params))
    between = made[found[0].end() : found[1].start()]
    kinds = [_pieces(each[0]) for each in found]
    body = between.join(
        f"{before}{escape(item['value'])}{middle}{escape(item['text'])}{after}"
        for item in items
        for before, middle, after in [kinds[bool(item["selected"])]]
    )
    return made[: found[0].start()] + body + made[found[1].end() :]


def _is_plain(item: Mapping[str, Any]) -> bool:
    return isinstance(item["value"], str) and isinstance(item["text"], str)


def _pieces(option: str) -> tuple[str, str, str]:
    before, _, rest = option.partition(_VALUE)
    middle, _, after = rest.partition(_TEXT)
    return before, middle, after
