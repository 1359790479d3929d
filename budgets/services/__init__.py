"""Writes: agree, start, end, change methods. Each locks, checks, changes and records in one transaction."""

from .agreement import agree_budget
from .ending import end_budget
from .lifecycle import change_methods, start_budget

__all__ = ["agree_budget", "change_methods", "end_budget", "start_budget"]
