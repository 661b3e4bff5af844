"""The models of the diary, listed for Django; each lives in its own package."""

from agenda.desk.models import Handling
from agenda.entries.models import DiaryEntry, Pulse, Telling, TellingKey
from agenda.feeds.models import Feed, FeedState, KeptEvent, Subscription
from agenda.tokens.models import ApiToken

__all__ = [
    "ApiToken",
    "DiaryEntry",
    "Feed",
    "FeedState",
    "Handling",
    "KeptEvent",
    "Pulse",
    "Subscription",
    "Telling",
    "TellingKey",
]
