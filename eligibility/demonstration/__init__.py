"""What the demonstration does with referrals, letters, rule sets and birthdays, through the services. All invented."""
