"""How intake tells what stands on it what became of a text."""

from django.dispatch import Signal

# Sent inside the transaction, with `version`, `state` (READ or FAILED: a CommuniqueState) and `at` (aware).
# Sender: CommuniqueVersion.
settled = Signal()
