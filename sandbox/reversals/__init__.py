"""Money that goes back: refunds, disputes, and what belongs to them."""
