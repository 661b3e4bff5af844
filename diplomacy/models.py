"""The models of the domain, listed for Django; each lives in its own package."""

from diplomacy.accounts.models import User
from diplomacy.communiques.claims import Claim, FieldDecision
from diplomacy.communiques.echoes import Echo, Shingle
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.mentions import NameMention
from diplomacy.communiques.models import (
    Communique,
    CommuniqueVersion,
    Evidence,
    Extraction,
    Proposal,
    ReadingJob,
    Source,
)
from diplomacy.communiques.repeats import Repeat
from diplomacy.communiques.rules import PublishingRule, RuledAct
from diplomacy.communiques.whole_acts import WholeAct
from diplomacy.directory.models import (
    Country,
    CountryName,
    Office,
    OfficeTitle,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    PlaceName,
    Tenure,
)
from diplomacy.directory.questions import NameQuestion, PersonMerge
from diplomacy.visits.models import (
    DelegationMember,
    ItemParticipant,
    ItineraryStop,
    ProgrammeItem,
    ProgrammeLine,
    Revision,
    Visit,
)

__all__ = [
    "Claim",
    "Communique",
    "CommuniqueVersion",
    "Country",
    "CountryName",
    "DelegationMember",
    "Echo",
    "EditionLine",
    "Evidence",
    "Extraction",
    "FieldDecision",
    "ItemParticipant",
    "ItineraryStop",
    "NameMention",
    "NameQuestion",
    "Office",
    "OfficeTitle",
    "Organisation",
    "OrganisationName",
    "Person",
    "PersonMerge",
    "PersonName",
    "Place",
    "PlaceName",
    "ProgrammeItem",
    "ProgrammeLine",
    "Proposal",
    "PublishingRule",
    "ReadingJob",
    "Repeat",
    "Revision",
    "RuledAct",
    "Shingle",
    "Source",
    "Tenure",
    "User",
    "Visit",
    "WholeAct",
]
