"""The models of the diary, listed for Django; each lives in its own package."""

from agenda.entries.models import DiaryEntry
from agenda.feeds.models import Feed, Subscription
from agenda.tokens.models import ApiToken

__all__ = ["ApiToken", "DiaryEntry", "Feed", "Subscription"]
