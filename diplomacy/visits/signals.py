"""How the domain tells what stands on it that something published has changed."""

from django.dispatch import Signal

# Sent inside the transaction of the act, with `revisions`: the new Revisions of one act at one time, items before
# visits. Sender: Revision.
revised = Signal()
