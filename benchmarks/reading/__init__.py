"""How fast and how large the reading is, beside libraries that do a part of its work."""
