"""The books against Stripe's, both ways and by value; what differs is healed by the webhooks' own handlers.

Webhooks are a convenience: if none ever arrived this alone would bring everything right.
"""
