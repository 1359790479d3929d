"""The pages of rule sets: read, written, tried on worked cases, approved, taken in and out as files."""
