"""The diary's own settings, and one view more to compare with."""

from agenda.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.feeds.urls"
