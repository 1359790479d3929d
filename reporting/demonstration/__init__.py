"""What the demonstration shows of this room, a module each."""
