"""A text read anew by a newer parser: what it says as before stays as it was, decided or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diplomacy.communiques.models import CommuniqueVersion, Extraction, ProposalKind

Draft = Mapping[str, Any]

# The words a value came from and how sure it is: a reading that differs in these alone says the same.
_NO_VALUES = frozenset({"evidence", "evidence_spans", "confidence"})


def drafts(reading: Mapping[str, Any]) -> Iterator[tuple[str, ProposalKind, dict[str, Any]]]:
    """Each visit, and each item without a visit, with its path in the reading and what it would be if it is new."""
    for number, visit in enumerate(reading["visits"]):
        yield f"visits.{number}", ProposalKind.NEW_VISIT, visit
    for number, item in enumerate(reading["items"]):
        yield f"items.{number}", ProposalKind.NEW_ITEM, item


def plain(value: Any) -> Any:
    """A draft's values alone, without the words they came from and without confidence."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items() if name not in _NO_VALUES}
    return [plain(one) for one in value] if isinstance(value, list) else value


def same_drafts(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """For each draft of a reading that an earlier one has with the same values, its path then; each taken once."""
    left = [(path, plain(draft)) for path, _kind, draft in drafts(before)]
    found: dict[str, str] = {}
    for path, _kind, draft in drafts(now):
        same = next((one for one in left if one[1] == plain(draft)), None)
        if same is not None:
            left.remove(same)
            found[path] = same[0]
    return found


def says_the_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two readings of a text hold the same values."""
    return len(same_drafts(before, now)) == sum(1 for _ in drafts(before)) == sum(1 for _ in drafts(now))


def reading_before(version: CommuniqueVersion, *, but: str) -> Extraction | None:
    """The last reading of a version as it is dated now, by a parser of another version than `but`."""
    rows = Extraction.objects.filter(
        version=version, published_on=version.published_on, stated_language=version.language
    )
    return rows.exclude(parser_version=but).order_by("-made_at", "-id").first()


def carry_over(before: Extraction, extraction: Extraction) -> frozenset[str]:
    """Let the proposals that say the same in a newer reading go over to it as they are, with what was decided; the
    paths they have in it.
    """
    same = {then: path for path, then in same_drafts(before.reading, extraction.reading).items()}
    carried = set()
    for proposal in before.proposals.filter(path__in=list(same)):
        path = same[proposal.path]
        before.proposals.filter(pk=proposal.pk).update(extraction=extraction, path=path)
        carried.add(path)
    return frozenset(carried)
