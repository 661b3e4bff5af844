"""How much of a file is read. Whatever is over a limit is refused by name; nothing is cut short in silence."""

from __future__ import annotations

MOST_BYTES = 20_000_000  # of a file as received
MOST_TEXT = 2_000_000  # code points of text taken from it
MOST_PAGES = 300  # of a PDF
MOST_UNPACKED = 100_000_000  # bytes of all members of a zip (.docx, .odt)
MOST_MEMBERS = 5_000  # of a zip
MOST_PARTS = 200  # of a mail
MOST_DEPTH = 20  # of parts within parts
MOST_FILE_EVENTS = 1_000  # of a calendar that is handed in as a file

# Of the child process.
MEMORY = 1_000_000_000  # bytes of address space
SECONDS = 20  # of processor time, and of waiting
