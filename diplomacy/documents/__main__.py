"""The child: `python -m diplomacy.documents KIND MEMORY SECONDS` reads a file on standard input and writes its text as
JSON, or why it cannot.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from diplomacy.documents.child import limit_this_process, to_json
from diplomacy.documents.document import Document, DocumentError, Trouble
from diplomacy.documents.kinds import DocumentKind
from diplomacy.documents.limits import MOST_TEXT


def _reader(kind: DocumentKind) -> Callable[[bytes], Document]:
    """The function that reads this kind. Each is imported only when it is wanted: starting is half of the cost."""
    if kind is DocumentKind.PDF:
        from diplomacy.documents.pdf import read_pdf

        return read_pdf
    if kind is DocumentKind.MAIL:
        from diplomacy.documents.mail import read_mail

        return read_mail
    if kind is DocumentKind.HTML:
        from diplomacy.documents.markup import read_html

        return read_html
    from diplomacy.documents.word import read_open_document, read_word

    return read_word if kind is DocumentKind.WORD else read_open_document


def main(arguments: list[str]) -> None:
    """Read one file and write the answer."""
    read = _reader(DocumentKind(arguments[0]))
    limit_this_process(int(arguments[1]), int(arguments[2]))
    try:
        document = read(sys.stdin.buffer.read())
        if len(document.text) > MOST_TEXT:
            raise DocumentError(Trouble.TOO_LARGE, "text")
        answer = to_json(document)
    except DocumentError as error:
        answer = json.dumps({"trouble": error.trouble.value, "detail": error.detail[:300]})
    except MemoryError:
        answer = json.dumps({"trouble": Trouble.TOO_LARGE.value, "detail": "memory"})
    except RecursionError:
        answer = json.dumps({"trouble": Trouble.TOO_DEEP.value, "detail": ""})
    sys.stdout.write(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
