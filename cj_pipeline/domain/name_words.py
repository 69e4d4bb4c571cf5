"""Names that are words too: `My` begins many a sentence, and `lund` is a grove.

Which words they are is data (`name_words.json`), the same for every assessment: were it learned from the essays, one
more essay could change what is sent of all others.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Final

_SHORT: Final = 2


@cache
def _words() -> frozenset[str]:
    raw = json.loads(files("cj_pipeline.domain").joinpath("name_words.json").read_text("utf-8"))
    return frozenset((raw["en"] + " " + raw["sv"]).split())


def is_word(folded: str) -> bool:
    """Whether a part of a name, folded, is a word as well; two letters always are, in some language."""
    return len(folded) <= _SHORT or folded in _words()
