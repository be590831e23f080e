"""How a request is read and answered as Stripe does it, whatever it is about."""
