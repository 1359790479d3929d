"""The files of an edition that are written when they are asked for, always the same from the same snapshot."""

from collections.abc import Callable, Mapping
from typing import Any

from offers.presenters.outputs.csv_files import figures_csv, timeline_csv
from offers.presenters.outputs.plain_text import plain_text
from offers.rules import outputs
from offers.rules.outputs import Output
from offers.rules.reading import read
from offers.rules.snapshots import canonical

_WRITERS: dict[Output, Callable[[Mapping[str, Any], str], bytes]] = {
    outputs.TEXT: lambda snapshot, digest: plain_text(read(snapshot), digest).encode(),
    outputs.TIMELINE: lambda snapshot, digest: timeline_csv(read(snapshot)),
    outputs.FIGURES: lambda snapshot, digest: figures_csv(read(snapshot)),
    # Its canonical form: the SHA-256 of this file is the edition's fingerprint, so anybody can check it.
    outputs.JSON: lambda snapshot, digest: canonical(snapshot),
}


def written(output: Output, snapshot: Mapping[str, Any], content_hash: str) -> bytes:
    """The file. Raises `KeyError` for an output that is made at publication and kept."""
    return _WRITERS[output](snapshot, content_hash)
