"""A stand-in for Stripe on this machine, for development and tests only."""
