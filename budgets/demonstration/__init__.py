"""Invented people, their referrals and their PHBs, for the demonstration. Nobody in it exists.

`plan` says what happened, from fixed seeds, the same on every machine; `loading` makes it happen through the
services.
"""

from .loading import load

__all__ = ["load"]
