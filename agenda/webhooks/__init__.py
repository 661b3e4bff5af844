"""Webhooks: what readers are told, sent to programs that asked for it, signed as Standard Webhooks says."""
