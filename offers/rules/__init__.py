"""Pure rules of the room: they take values and dates, and touch no database."""
