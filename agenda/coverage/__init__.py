"""Whom the newsroom sends where. Nothing of it is for readers: pages, feeds and API do not know this package."""
