"""Rules of this room. Pure: no database, and no clock but the one that is passed in."""

from .uptake import EARLIEST_AS_AT, Course, Standing, course, standing

__all__ = ["EARLIEST_AS_AT", "Course", "Standing", "course", "standing"]
