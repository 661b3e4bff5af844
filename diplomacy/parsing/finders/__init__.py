"""Finders: one file per kind of thing that a text may name."""
