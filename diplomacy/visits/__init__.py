"""Visits, their programmes, and every published state of them."""
