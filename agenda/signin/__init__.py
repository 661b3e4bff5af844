"""Signing in: accounts of our own, a second factor, passkeys, and an organisation's single sign-on."""
