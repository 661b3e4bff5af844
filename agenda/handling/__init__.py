"""Who works on a proposal, and what they typed: shared by desk and API."""
