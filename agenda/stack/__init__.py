"""The embedded set-up: one command that owns a Valkey, the web server, the worker and beat."""
