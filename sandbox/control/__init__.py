"""What a tester and the sandbox's page can do that Stripe's API can't."""
