"""Who can have a personal health budget, and the referral that asks for one."""
