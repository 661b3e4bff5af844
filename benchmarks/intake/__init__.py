"""Receiving and reading a heap of communiqués."""
