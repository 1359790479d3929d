"""How referrals and answers are said on a page."""
