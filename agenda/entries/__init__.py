"""Diary lines, as published."""
