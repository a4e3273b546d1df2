"""reStructuredText to blocks, through docutils' HTML.

Directives that read files or insert raw output stay off: a document is data. Directives that only
Sphinx knows are left out with what they hold.
"""

import re
from pathlib import Path

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.markup import html_blocks
from fc_distilabel.errors import DocumentError

_ROLE = re.compile(r":[A-Za-z][\w:+.-]{0,60}:`([^`<\n]{1,200}?)\s*(?:<[^`>\n]{0,200}>)?`")
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,  # no docutils.conf of the machine changes what is read
    "report_level": 5,
    "halt_level": 5,
    "line_length_limit": 1_000_000,
    "syntax_highlight": "none",
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "section_self_link": False,
}


def rst_blocks(text: str, path: Path) -> list[Block]:
    """The visible text, with roles (`:ref:` and the like) reduced to their words."""
    # Imported late: only this format needs docutils.
    from docutils.core import publish_parts

    try:
        parts = publish_parts(_ROLE.sub(r"\1", text), writer="html5", settings_overrides=_SETTINGS)
    except RecursionError as error:
        raise DocumentError(f"{str(path)!r} is nested too deep to read") from error
    return html_blocks(str(parts["html_body"]))
