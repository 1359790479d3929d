"""Pages, each of which reads, calls one service and answers."""
