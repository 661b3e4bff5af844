"""`python -m diplomacy.documents`: the workshop."""

from diplomacy.documents.workshop import main

main()
