"""The models of the diary, listed for Django; each lives in its own package."""

from agenda.alerts.models import Alert, AlertMail, Follow
from agenda.api.models import KeptAnswer
from agenda.coverage.models import Coverage, Notice
from agenda.entries.models import DiaryEntry, EntryPlace, PublicState, Pulse, Telling, TellingKey
from agenda.feeds.models import Feed, FeedState, KeptEvent, Subscription
from agenda.handling.models import Handling
from agenda.tokens.models import ApiToken
from agenda.webhooks.models import Delivery, Event, Webhook

__all__ = [
    "Alert",
    "AlertMail",
    "ApiToken",
    "Coverage",
    "Delivery",
    "DiaryEntry",
    "EntryPlace",
    "Event",
    "Feed",
    "FeedState",
    "Follow",
    "Handling",
    "KeptAnswer",
    "KeptEvent",
    "Notice",
    "PublicState",
    "Pulse",
    "Subscription",
    "Telling",
    "TellingKey",
    "Webhook",
]
