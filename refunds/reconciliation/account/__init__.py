"""Stripe's account against our copy of it: each line of its balance, each payout, and what they add up to."""
