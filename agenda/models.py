"""The models of the diary, listed for Django; each lives in its own package."""

from agenda.api.models import ApiToken
from agenda.entries.models import DiaryEntry
from agenda.feeds.models import Feed, Subscription

__all__ = ["ApiToken", "DiaryEntry", "Feed", "Subscription"]
