"""PaymentIntents and charges, and what a test card makes of them."""
