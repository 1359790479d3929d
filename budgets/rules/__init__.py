"""The rules of a budget as pure functions and tables: no database, and no clock."""
