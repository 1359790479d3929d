"""The pages of the referral pathway."""
