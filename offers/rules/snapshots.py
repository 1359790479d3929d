"""The canonical form of a published edition, and its hash.

Two copies of one edition have one hash whatever order a database or a programme gives their keys in. The form
is JSON with sorted keys, no spaces, UTF-8; numbers are whole numbers or text, never binary fractions, so no
reader can round them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: The form that is written now. Those before it stay readable (`offers.rules.reading`): what was published is never
#: written anew.
FORMAT = 2


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one byte string of a snapshot. Raises TypeError for a value that has no exact form (float, date,
    Decimal)."""
    _refuse_inexact(snapshot, "snapshot")
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _refuse_inexact(value: Any, where: str) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{where} has a key that is not text: {key!r}")
            _refuse_inexact(item, f"{where}.{key}")
        return
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _refuse_inexact(item, f"{where}[{index}]")
        return
    raise TypeError(f"{where} is a {type(value).__name__}, which has no exact form in a snapshot")
