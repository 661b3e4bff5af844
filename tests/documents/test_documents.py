"""Files in, text out; and what hostile or broken files come to."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from diplomacy.documents import Document, DocumentError, DocumentKind, Trouble, child, convert, kind_of, limits
from diplomacy.documents.pdf import unwrapped

from .files import mail, open_document, pdf, word

TEXT = "Le ministre malien des Affaires étrangères effectue une visite à Dakar le 9 février."


def text_of(original: bytes, **stated: str) -> str:
    return convert(original, **stated).text


def trouble_of(original: bytes, **stated: str) -> Trouble:
    with pytest.raises(DocumentError) as caught:
        convert(original, **stated)
    return caught.value.trouble


@pytest.mark.parametrize(
    ("original", "stated", "kind"),
    [
        (b"Bonjour", {}, None),
        (b"Bonjour", {"media_type": "text/plain"}, DocumentKind.TEXT),
        (b"Bonjour", {"filename": "note.TXT"}, DocumentKind.TEXT),
        (b"# Visite", {"media_type": "text/markdown; charset=utf-8"}, DocumentKind.TEXT),
        (b"a,b", {"media_type": "text/csv"}, DocumentKind.TEXT),
        (b"<!DOCTYPE html><p>x", {"media_type": "text/plain"}, DocumentKind.HTML),
        (b"\xef\xbb\xbf <html>", {}, DocumentKind.HTML),
        (b"From: a@b.example\r\n\r\nx", {}, DocumentKind.MAIL),
        (b"From: the ministry", {"media_type": "text/plain", "filename": "note.txt"}, DocumentKind.TEXT),
        (b"From: a@b.example\n\nx", {"media_type": "application/octet-stream", "filename": "n.eml"}, DocumentKind.MAIL),
        (pdf([TEXT]), {"media_type": "text/plain"}, DocumentKind.PDF),
        (word(TEXT), {"media_type": "application/zip", "filename": "note.txt"}, DocumentKind.WORD),
        (open_document("<text:p>x</text:p>"), {}, DocumentKind.OPEN_DOCUMENT),
    ],
)
def test_the_kind_is_told_by_the_bytes_first(
    original: bytes, stated: dict[str, str], kind: DocumentKind | None
) -> None:
    if kind is None:
        with pytest.raises(DocumentError, match="unknown_type"):
            kind_of(original, **stated)
    else:
        assert kind_of(original, **stated) is kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_text_in_any_encoding(encoding: str) -> None:
    assert text_of(f"{TEXT}\r\n\r\n\r\n\r\nSuite".encode(encoding), media_type="text/plain") == f"{TEXT}\n\nSuite"


def test_a_pdf_gives_its_paragraphs_whole_and_its_lines_apart() -> None:
    lines = [
        "PROGRAMME",
        "",
        "Le ministre portugais des Affaires étrangères, M. António Ribeira, effectue une visite",
        "officielle au Mali du 9 au 11 février 2023, à l'invitation de son homologue, M. Issa Tou-",
        "ré.",
        "",
        "9 février",
        "10h00   Audience au palais",
        "12h30   Déjeuner offert par M. Touré",
    ]
    assert text_of(pdf(lines, ["11h00   Signature"])) == (
        "PROGRAMME\n\n"
        "Le ministre portugais des Affaires étrangères, M. António Ribeira, effectue une visite officielle au Mali du "
        "9 au 11 février 2023, à l'invitation de son homologue, M. Issa Touré.\n\n"
        "9 février\n10h00   Audience au palais\n12h30   Déjeuner offert par M. Touré\n11h00   Signature"
    )


@pytest.mark.parametrize(
    "page",
    [
        "- 10h00 Audience avec le Premier ministre, suivie d'un\n- 12h30 Déjeuner",
        "Audience avec le Premier ministre au palais présidentiel.\nDéjeuner de travail",
        "PROGRAMME DE LA VISITE :\n10h30 : Audience",
        "10h00     Audience avec le Premier ministre au palais\nDéjeuner  de travail",
    ],
)
def test_lines_that_are_items_are_not_joined(page: str) -> None:
    assert unwrapped(page).count("\n") == page.count("\n")


def test_a_hyphen_at_the_margin() -> None:
    long = "Le communiqué conjoint signé par les deux ministres sera publié"
    assert unwrapped(f"{long} prochai-\nnement.") == f"{long} prochainement."
    assert unwrapped(f"{long} aux États-\nUnis.") == f"{long} aux États-Unis."


def test_word_keeps_letterhead_paragraphs_and_rows() -> None:
    original = word(TEXT, "Fin", table=[["10h", "Audience\nPalais"], ["12h", "Déjeuner"]], head="MINISTÈRE")
    assert text_of(original) == f"MINISTÈRE\n{TEXT}\nFin\n10h | Audience Palais\n12h | Déjeuner"


def test_open_document_keeps_blanks_lists_and_rows() -> None:
    body = (
        "<text:h>Titre</text:h><text:p>Un<text:s text:c='3'/>deux<text:line-break/>trois</text:p>"
        "<text:list><text:list-item><text:p>- A <text:span>gras</text:span></text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>10h</text:p></table:table-cell>"
        "<table:table-cell><text:p>Audience</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>Vu<office:annotation><text:p>note interne</text:p></office:annotation></text:p>"
    )
    assert text_of(open_document(body)) == "Titre\nUn   deux\ntrois\n- A gras\n10h | Audience\nVu"


PAGE = (
    "<!DOCTYPE html><html><head><meta charset='iso-8859-1'><title>Visite à Dakar</title>"
    "<meta property='article:published_time' content='2023-02-07T22:00:00+01:00'>"
    "<script>document.write('le 12 mars')</script></head><body><nav><a href='/'>Accueil</a></nav>"
    f"<article><h1>Visite</h1><p>{TEXT}</p>"
    "<table><tr><td>10h</td><td>Audience</td></tr><tr><td>12h</td><td>Déjeuner</td></tr></table></article>"
    "<style>p { color: red }</style></body></html>"
)


def test_a_page_gives_its_words_title_and_stated_day_and_none_of_its_scripts() -> None:
    document = convert(PAGE.encode("latin-1"), media_type="text/html")
    assert (document.title, document.published_on) == ("Visite à Dakar", dt.date(2023, 2, 7))
    assert TEXT in document.text
    assert "\n10h | Audience\n12h | Déjeuner" in document.text
    for unsaid in ("12 mars", "color", "Accueil", "<"):
        assert unsaid not in document.text


def test_a_page_without_metadata_states_no_day_whatever_its_text_says() -> None:
    page = f"<html><body><p>Publié le 3 mars 2021</p><p>{TEXT}</p></body></html>"
    assert convert(page.encode(), media_type="text/html").published_on is None


def test_a_mail_gives_its_plain_words_the_senders_day_and_its_files() -> None:
    original = mail(
        TEXT, page="<p>autre</p>", files=[("p.pdf", "application/pdf", b"%PDF-")], Message_ID="<1@x.example>"
    )
    document = convert(original, media_type="message/rfc822")
    assert (document.text, document.published_on) == (TEXT, dt.date(2023, 2, 7)), "still the 7th where it was written"
    assert (document.title, document.message_id) == ("Communiqué", "<1@x.example>")
    assert [(file.filename, file.original) for file in document.attachments] == [("p.pdf", b"%PDF-")]


def test_a_mail_in_html_only_and_one_with_files_only() -> None:
    assert text_of(mail(page="<ul><li>10h Audience<li>12h Déjeuner</ul>")) == "- 10h Audience\n- 12h Déjeuner"
    document = convert(mail(files=[("a.txt", "text/plain", TEXT.encode())]))
    assert (document.text, len(document.attachments)) == ("", 1)


def bomb(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"media/{number}", b"\x00" * (limits.MOST_UNPACKED // 2))
        archive.writestr(name, b"<x/>")
    return out.getvalue()


def members(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}", b"")
    return out.getvalue()


LAUGHS = "<!DOCTYPE x [<!ENTITY a '" + "ha" * 1000 + "'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{('&' + chr(97 + n) + ';') * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
DEEP = b"From: a@b.example\nSubject: x\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(60)
) + b"Content-Type: text/plain\n\nwords"  # fmt: skip


@pytest.mark.parametrize(
    ("original", "stated", "trouble"),
    [
        (b"", {}, Trouble.NO_TEXT),
        (b" \n ", {"media_type": "text/plain"}, Trouble.NO_TEXT),
        (b"a\x00b", {"media_type": "text/plain"}, Trouble.UNKNOWN_TYPE),
        (b"\x89PNG", {"media_type": "image/png"}, Trouble.UNKNOWN_TYPE),
        (b"MZ\x90", {"filename": "tool.exe"}, Trouble.UNKNOWN_TYPE),
        (b"words", {"filename": "note.pdf"}, Trouble.DAMAGED),
        (b"%PDF-1.7 words", {}, Trouble.DAMAGED),
        (pdf([TEXT])[:300], {}, Trouble.DAMAGED),
        (pdf([]), {}, Trouble.SCANNED),
        (pdf(*[["x"]] * (limits.MOST_PAGES + 1)), {}, Trouble.TOO_LARGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, {"filename": "note.doc"}, Trouble.OLD_FORMAT),
        (b"PK\x03\x04 words", {}, Trouble.DAMAGED),
        (members(2), {}, Trouble.UNKNOWN_TYPE),
        (members(limits.MOST_MEMBERS + 1), {}, Trouble.TOO_MANY_PARTS),
        (bomb("word/document.xml"), {}, Trouble.TOO_LARGE),
        (open_document("<text:p>x</text:p>", manifest="<encryption-data/>"), {}, Trouble.ENCRYPTED),
        (open_document("<text:p>&#0;</text:p>"), {}, Trouble.DAMAGED),
        (open_document("<text:section>" * 5000), {}, Trouble.DAMAGED),
        (open_document("<text:p>&j;</text:p>", head=LAUGHS), {}, Trouble.DAMAGED),
        (open_document(""), {}, Trouble.NO_TEXT),
        (word(), {}, Trouble.NO_TEXT),
        (b"<html><body><script>1</script></body></html>", {}, Trouble.NO_TEXT),
        (mail("x", files=[(f"{n}", "image/png", b"") for n in range(1000)]), {}, Trouble.TOO_MANY_PARTS),
        (DEEP, {"media_type": "message/rfc822"}, Trouble.TOO_DEEP),
        (b"From: a@b.example\n\n", {"filename": "n.eml"}, Trouble.NO_TEXT),
        (b"x" * (limits.MOST_BYTES + 1), {"media_type": "text/plain"}, Trouble.TOO_LARGE),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(original: bytes, stated: dict[str, str], trouble: Trouble) -> None:
    assert trouble_of(original, **stated) is trouble


def test_a_file_outside_is_never_read() -> None:
    head = "<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>"
    assert "root:" not in text_of(open_document("<text:p>Visite &j; ici</text:p>", head=head))


def test_a_document_with_macros_gives_its_text() -> None:
    out = io.BytesIO(word(TEXT))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"Sub AutoOpen")
    assert text_of(out.getvalue(), filename="note.docm") == TEXT


def test_a_child_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0)
    assert trouble_of(pdf(["x"], *[[TEXT] * 40] * 40)) is Trouble.TOO_SLOW


def test_a_child_that_wants_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MEMORY", 40_000_000)
    original = b"From: a@b.example\n\n" + b"words " * 2_000_000  # what Python itself allocates, so that it says so
    assert trouble_of(original, media_type="message/rfc822") is Trouble.TOO_LARGE
    monkeypatch.undo()
    assert text_of(word(TEXT)) == TEXT, "the next file has its own limits"


def test_what_ends_the_workshop_ends_one_file_and_not_the_next() -> None:
    assert text_of(word(TEXT)) == TEXT
    process = child._workshop._process
    assert process is not None
    process.kill()
    process.wait()
    assert text_of(word(TEXT)) == TEXT
    assert child._workshop._process is not process


def test_one_workshop_serves_many_files() -> None:
    assert text_of(word(TEXT)) == TEXT
    process = child._workshop._process
    for _file in range(5):
        assert trouble_of(pdf([])) is Trouble.SCANNED
        assert text_of(pdf([TEXT])) == TEXT
    assert child._workshop._process is process


def test_the_child_answers_what_it_was_given() -> None:
    document = Document(
        text="x",
        title="y",
        published_on=dt.date(2023, 2, 7),
        message_id="<a>",
        sender="b",
        authentication_results=("c",),
    )
    assert child.from_json(child.to_json(document).encode()) == document
