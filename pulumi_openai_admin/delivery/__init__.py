"""Delivery of new API keys into secret stores, so that no key enters the state."""
