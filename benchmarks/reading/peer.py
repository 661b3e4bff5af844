"""A peer, run by its own interpreter (see peers.py): texts as JSON on standard input, its figures on standard output.

python peer.py dateparser | spacy

Standard library and the peer alone: nothing of this project is installed there.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.reading.clocks import megabytes, on_one_core, rate


def dateparser(texts: list[str], published: str) -> tuple[float, str]:
    """Dates alone: `search_dates` in French, told the day of publication."""
    import datetime as dt

    from dateparser.search import search_dates

    base = {"RELATIVE_BASE": dt.datetime.fromisoformat(published)}
    per_second = rate(lambda: [search_dates(one, languages=["fr"], settings=base) for one in texts], units=len(texts))
    return per_second, f"dateparser {importlib.metadata.version('dateparser')}, search_dates"


def spacy(texts: list[str], _published: str) -> tuple[float, str]:
    """Names alone: the French model with everything but named entities switched off, texts handed over in one batch."""
    import spacy as library

    model = library.load("fr_core_news_sm")
    model.select_pipes(enable=["tok2vec", "ner"])
    per_second = rate(lambda: [one.ents for one in model.pipe(texts)], units=len(texts))
    version = importlib.metadata.version("fr-core-news-sm")
    return per_second, f"spaCy {importlib.metadata.version('spacy')}, fr_core_news_sm {version}, NER alone"


def main(name: str) -> None:
    """Measure one peer."""
    on_one_core()
    given = json.load(sys.stdin)
    before = megabytes()
    started = time.perf_counter()
    per_second, what = {"dateparser": dateparser, "spacy": spacy}[name](given["texts"], given["published"])
    print(
        json.dumps(
            {"rate": per_second, "what": what, "memory": megabytes() - before, "took": time.perf_counter() - started}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
