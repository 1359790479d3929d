"""Personal health budgets: agreed, started, ended, how the money is managed and who pays."""
