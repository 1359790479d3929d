"""Everything that is wrong with a file, packed: of a hundred thousand rows each may have a fault. Pure."""

import json
import zlib
from collections.abc import Iterable, Iterator

from phb_register.file_columns import RowProblem

_PIECE = 1 << 16


class ProblemLog:
    """Takes problems in, however many, and holds no more of them than their packed lines."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj()
        self._packed: list[bytes] = []

    def add(self, problems: Iterable[RowProblem]) -> None:
        """Write problems down, in the order in which they were found."""
        for each in problems:
            line = json.dumps([each.number, each.column, each.message], ensure_ascii=False) + "\n"
            if packed := self._packer.compress(line.encode()):
                self._packed.append(packed)

    def packed(self) -> bytes:
        """All of them; nothing is added after that."""
        return b"".join([*self._packed, self._packer.flush()])


def unpacked(packed: bytes) -> Iterator[list[object]]:
    """The problems of a log, as [row, column, remedy], unpacked as they are asked for."""
    unpacker, begun = zlib.decompressobj(), b""
    waiting = packed
    while waiting:
        *lines, begun = (begun + unpacker.decompress(waiting, _PIECE)).split(b"\n")
        waiting = unpacker.unconsumed_tail
        yield from map(json.loads, lines)
