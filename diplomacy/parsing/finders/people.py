"""Officials as texts name them: an office, a name, or both ("le ministre …, Sergey LAVROV")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diplomacy.parsing.document import Document, Token, normal_form
from diplomacy.parsing.finders.places import CountryMention
from diplomacy.parsing.language import Language

_LONGEST_OFFICE = 14
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class PersonMention:
    """Somebody at one place of the text. `name` or `title` may be empty, not both."""

    start: int
    end: int
    name: str
    title: str
    country: str | None
    is_counterpart: bool = False
    is_plural: bool = False
    is_honoured: bool = False  # introduced as "M.", "Mrs", "S.E.M."


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    last: int  # token numbers, last excluded


class _Finder:
    """One walk over the words of a document."""

    def __init__(self, document: Document, language: Language, countries: Sequence[CountryMention]) -> None:
        self.document, self.tokens, self.text = document, document.tokens, document.text
        people = language.section("people")
        self.heads = {
            tuple(normal_form(head).replace("-", " ").replace("'", " ").split()) for head in people["office_heads"]
        }
        self.portfolio = language.set_of("people", "portfolio")
        self.tail = language.set_of("people", "office_tail_words")
        self.counterpart = language.set_of("people", "counterpart")
        self.particles = language.set_of("people", "particles")
        self.not_names = language.set_of("people", "not_names")
        self.honorifics = {word.replace(".", "") for word in language.set_of("people", "honorifics")}
        self.months = {form for forms in language.section("dates")["months"] for form in forms.split("|")}
        self.weekdays = set(language.section("dates")["weekdays"])
        self.at_country = {document.token_at(mention.start): mention for mention in countries}

    def find(self) -> Iterator[PersonMention]:
        """Mentions in order."""
        at = 0
        while at < len(self.tokens):
            mention, after = self._mention(at)
            if mention is not None:
                yield mention
            at = max(after, at + 1)

    def _mention(self, at: int) -> tuple[PersonMention | None, int]:
        office = self._office(at)
        if office is not None:
            return self._office_mention(office)
        name = self._name(at)
        if name is None:
            return None, at + 1
        following = self._office_after(name)
        if following is not None:
            mention, after = self._office_mention(following, with_name=False)
            return replace(mention, start=self.tokens[name.first].start, name=self._words(name)), after
        honoured = at > 0 and self.tokens[at - 1].norm in self.honorifics
        if honoured or name.last - name.first >= 2:
            return self._made(name, is_honoured=honoured), name.last
        return None, name.last

    def _office_mention(self, office: _Span, *, with_name: bool = True) -> tuple[PersonMention, int]:
        country = next(
            (self.at_country[at].code for at in range(office.first, office.last) if at in self.at_country), None
        )
        before = self.at_country.get(office.first - 1) or self.at_country.get(office.first - 2)
        if (
            country is None
            and before is not None
            and before.is_demonym
            and before.end + 1 == self.tokens[office.first].start
        ):
            country = before.code
        head = self.tokens[office.first].norm
        title = self._words(office)
        name = self._name_after(office.last) if with_name else None
        mention = PersonMention(
            start=self.tokens[office.first].start,
            end=self.tokens[(name or office).last - 1].end,
            name=self._words(name) if name else "",
            title="" if head in self.counterpart else title,
            country=country,
            is_counterpart=head in self.counterpart,
            is_plural=head.endswith("s") and head not in {"affaires"} and name is None,
        )
        return mention, (name or office).last

    def _office(self, at: int) -> _Span | None:
        if self.tokens[at].norm in self.counterpart:
            return _Span(at, self._office_end(at + 1, at))
        for size in (4, 3, 2, 1):
            words = tuple(token.norm for token in self.tokens[at : at + size])
            if len(words) == size and (words in self.heads or self._plural(words)):
                return _Span(at, self._office_end(at + size, at))
        return None

    def _plural(self, words: tuple[str, ...]) -> bool:
        return len(words) == 1 and words[0].endswith("s") and (words[0][:-1],) in self.heads

    def _office_end(self, at: int, first: int) -> int:
        """How far a title reaches: demonyms, portfolios, and what connecting words lead to."""
        end = at
        while at < len(self.tokens) and at - first < _LONGEST_OFFICE and self._touches(at):
            country = self.at_country.get(at)
            if country is not None:
                at = end = self._token_after(country.end)
            elif self.tokens[at].norm in self.portfolio:
                at = end = at + 1
            elif self.tokens[at].norm in self.tail:
                at += 1
            elif at > end and self._is_capital(at) and not self._starts_name(at, end):
                at = end = at + 1
            else:
                break
        return end

    def _starts_name(self, at: int, end: int) -> bool:
        """A capital right after the title begins a name; after a connecting word it belongs to the title."""
        return at == end

    def _office_after(self, name: _Span) -> _Span | None:
        """The office in apposition: "Abdoulaye Diop, ministre …"."""
        at = name.last
        if at >= len(self.tokens) or self.text[self.tokens[at - 1].end : self.tokens[at].start].strip() not in {
            ",",
            "(",
        }:
            return None
        if self.tokens[at].norm in {"le", "la", "l", "the", "son", "his", "her"}:
            at += 1
        if at < len(self.tokens) and self.at_country.get(at):
            at = self._token_after(self.at_country[at].end)
        return self._office(at) if at < len(self.tokens) else None

    def _name_after(self, at: int) -> _Span | None:
        if at >= len(self.tokens):
            return None
        gap = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        if "\n" in gap or gap.strip() not in {"", ",", "-"}:
            return None
        while at < len(self.tokens) - 1 and self.tokens[at].norm in self.honorifics and len(self.tokens[at].norm) < 10:
            at += 1
        name = self._name(at)
        if name is not None and gap.strip() == "," and name.last - name.first < 2:
            return None
        return name

    def _name(self, at: int) -> _Span | None:
        if not self._may_be_name(at) or self._is_excellency(at):
            return None
        end = at + 1
        while end < len(self.tokens) and end - at < _LONGEST_NAME and self._joins(end):
            if self._may_be_name(end):
                end += 1
            elif (
                self.tokens[end].norm in self.particles
                and end + 1 < len(self.tokens)
                and self._joins(end + 1)
                and self._may_be_name(end + 1)
            ):
                end += 2
            else:
                break
        return _Span(at, end)

    def _may_be_name(self, at: int) -> bool:
        token = self.tokens[at]
        word = self.text[token.start : token.end]
        known = token.norm in self.not_names or token.norm in self.months or token.norm in self.weekdays
        return (
            word[0].isupper() and not known and not word.isdigit() and at not in self.at_country
            and token.norm not in self.portfolio and token.norm not in self.honorifics
        )  # fmt: skip

    def _is_excellency(self, at: int) -> bool:
        """Whether a letter is part of "S.E.", "S.E.M.", "H.E." and begins no name."""
        letters = {"s", "e", "m", "h", "se", "sem"}
        norm, following = self.tokens[at].norm, self.tokens[at + 1 : at + 2]
        before = self.tokens[at - 1].norm if at else ""
        if norm in {"se", "sem"}:
            return True
        return norm in letters and (before in {"s", "h", "e"} or bool(following and following[0].norm in {"e", "m"}))

    def _joins(self, at: int) -> bool:
        gap = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        is_initial = gap == ". " and self.tokens[at - 1].end - self.tokens[at - 1].start == 1
        return self._touches(at) or is_initial

    def _touches(self, at: int) -> bool:
        gap = self.text[self.tokens[at - 1].end : self.tokens[at].start]
        return "\n" not in gap and gap.strip() in {"", "-", "'"}

    def _is_capital(self, at: int) -> bool:
        return self.text[self.tokens[at].start].isupper()

    def _token_after(self, offset: int) -> int:
        return self.document.token_at(offset)

    def _words(self, span: _Span) -> str:
        return " ".join(self.text[self.tokens[span.first].start : self.tokens[span.last - 1].end].split())

    def _made(self, span: _Span, *, is_honoured: bool) -> PersonMention:
        first: Token = self.tokens[span.first]
        return PersonMention(
            first.start, self.tokens[span.last - 1].end, self._words(span), "", None, is_honoured=is_honoured
        )


def find_people(
    document: Document, language: Language, countries: Sequence[CountryMention]
) -> tuple[PersonMention, ...]:
    """Every mention of an official, in order. Bylines and bare family names are left out."""
    return tuple(_Finder(document, language, countries).find())
