"""Invented people, their referrals and their PHBs, for the demonstration. Nobody in it exists.

`plan` says what happened, from fixed seeds, the same on every machine; `load` makes it happen through the
services.
"""

from .load import load

__all__ = ["load"]
