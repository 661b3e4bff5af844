"""The domain: what happens between states, who takes part, and how we know. Knows nothing of calendars."""
