"""What pages cost beside the SQL they cannot do without, and what the processes weigh. Run by `make bench`."""
