"""What a file says of itself: the fingerprints it carries, found without opening it.

Every document of an edition has the edition's fingerprint as its permanent identifier, which programmes that save a
PDF anew keep. It is looked for in the bytes: a file from anybody is never parsed.
"""

import re

#: The largest file that is looked at, in bytes: many times what an edition has.
LARGEST_FILE = 10_000_000
#: A file that names more than these was made to be a burden.
_MOST_MARKS = 20

# As letters, or each letter in hexadecimal, as the two ways to write an identifier are.
_WRITTEN = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|(?:3[0-9]|6[1-6]){64})(?![0-9A-Za-z])")


def is_pdf(content: bytes) -> bool:
    """Whether it begins as a PDF does; readers allow for some bytes before."""
    return b"%PDF-" in content[:1024]


def marks(content: bytes) -> list[str]:
    """The fingerprints that a file carries, in the order of the file, each once."""
    found: dict[str, None] = {}
    for match in _WRITTEN.finditer(content):
        written = match[0] if len(match[0]) == 64 else bytes.fromhex(match[0].decode())
        found[written.decode()] = None
        if len(found) == _MOST_MARKS:
            break
    return list(found)
