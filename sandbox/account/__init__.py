"""The business's own account: balance, fees and payouts."""
