"""Forms of the referral pathway: shape only; what the rules forbid is said by the services."""
