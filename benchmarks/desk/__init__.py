"""How fast the desk is on a large diary."""
