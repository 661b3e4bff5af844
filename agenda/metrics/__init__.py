"""Figures for those who run the diary, in Prometheus' text form: nothing of what the diary says."""
