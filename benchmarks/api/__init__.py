"""How fast the API answers readers."""
