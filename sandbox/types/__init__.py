"""Stripe's own types, distilled from npm's `stripe` package, and what holds answers against them."""
