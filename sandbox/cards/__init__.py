"""Customers and what they pay with."""
