"""How fast one change leaves to many webhooks, and whether a text that is read meanwhile waits for it."""
