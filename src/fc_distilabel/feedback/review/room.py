"""The size of a view is bounded: what is too large is cut, and says by how much."""

import json

from fc_distilabel.types import Json

MAX_TEXT = 250_000
"""Characters of one text: a person reads no more of it to judge a call."""
MAX_VIEW = 1_000_000
"""Characters of all texts of a view; beyond, each is cut to its beginning."""
BEGINNING = 200
MAX_NODES = 20_000
"""Values and parameters that are shown one by one; beyond, an object is one text."""


class Room:
    """What a view may still take."""

    def __init__(self) -> None:
        self._characters = MAX_VIEW
        self._nodes = MAX_NODES

    def text(self, text: str) -> dict[str, Json]:
        """`{"text": ...}`, with `"cut"`, the number of characters left out, where there are any."""
        most = MAX_TEXT if self._characters > 0 else BEGINNING
        self._characters -= min(len(text), most)
        if len(text) <= most:
            return {"text": text}
        return {"text": text[:most], "cut": len(text) - most}

    def json(self, value: Json) -> dict[str, Json]:
        """A value as one text: a string as it is, all else as JSON."""
        return self.text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def node(self) -> bool:
        """Whether one more value may be shown by itself."""
        self._nodes -= 1
        return self._nodes >= 0
