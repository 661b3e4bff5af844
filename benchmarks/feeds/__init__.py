"""How fast calendars are made and answered."""
