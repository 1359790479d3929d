"""Whose records a user may see: the door through which every room asks (see ``models.scope``)."""

from .models.scope import ScopedManager, ScopedQuerySet, can, check, commissioner_ids, membership_ids

__all__ = ["ScopedManager", "ScopedQuerySet", "can", "check", "commissioner_ids", "membership_ids"]
