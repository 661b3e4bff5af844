"""How days and hours are written where Django formats them."""
