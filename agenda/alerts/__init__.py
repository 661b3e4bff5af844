"""Alerts: whoever follows a visit, a person, a country or a saved search is told by mail what changed."""
