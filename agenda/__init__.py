"""The diary: what is published, to whom, in which form."""
