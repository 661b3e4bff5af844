"""Keep the table of countries complete after each migration."""

from __future__ import annotations

from django.db import connections

from diplomacy.directory.countries import country_name, known_parties
from diplomacy.directory.models import Country, CountryName
from diplomacy.directory.spelling import fold

_NAME_LANGUAGES = ("fr", "en")


def sync_countries_after_migrate(using: str, **_kwargs: object) -> None:
    """Signal handler: make the rows that are missing. Rows that exist are an editor's and stay as they are."""
    if not {Country._meta.db_table, CountryName._meta.db_table} <= set(connections[using].introspection.table_names()):
        return
    present = set(Country.objects.using(using).values_list("code", flat=True))
    new = [Country(code=code, kind=kind, zone=zone) for code, kind, zone in known_parties() if code not in present]
    if not new:
        return
    Country.objects.using(using).bulk_create(new, ignore_conflicts=True)
    CountryName.objects.using(using).bulk_create(
        [
            CountryName(country_id=row.code, language=language, text=name, folded=fold(name), source="CLDR")
            for row in new
            for language in _NAME_LANGUAGES
            for name in [country_name(row.code, language)]
        ],
        ignore_conflicts=True,
    )
