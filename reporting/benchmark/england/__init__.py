"""A synthetic England in a database of its own, and what the register costs at its size. Run by `make bench`."""
