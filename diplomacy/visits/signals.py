"""How the domain tells what stands on it that something published has changed."""

from django.dispatch import Signal

# Sent inside the transaction of the act, with `revision` (the new Revision). Sender: the class Visit or ProgrammeItem.
revised = Signal()
