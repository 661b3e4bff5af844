"""How the diary says that readers were told something new."""

from django.dispatch import Signal

# Sent inside the transaction, with `audience` and `tellings` (those that changed, perhaps none). Sender: Telling.
told = Signal()
