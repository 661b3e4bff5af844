"""From what reached us to what an editor decides."""
