"""Who may do what, and when: `check_…` raises with the remedy, `can_…` answers for buttons."""
