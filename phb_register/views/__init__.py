"""The pages of this room; each view reads, calls one service, and answers."""
