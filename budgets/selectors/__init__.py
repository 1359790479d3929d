"""What the pages read. Whatever takes a user sees only that user’s commissioners."""
