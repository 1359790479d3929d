"""Rules of this room. Pure: no database, and no clock but the one that is passed in."""

from .uptake import EARLIEST_AS_AT, PACE_MONTHS, Course, Pace, Standing, course, pace, standing

__all__ = ["EARLIEST_AS_AT", "PACE_MONTHS", "Course", "Pace", "Standing", "course", "pace", "standing"]
