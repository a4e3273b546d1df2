"""Markdown to blocks, through HTML, without what is not prose.

Sites add their own marks to Markdown (front matter, Liquid tags, attribute lists, admonitions).
They go before parsing, since a tag inside a link's target would break the link.
"""

import re

from fc_distilabel.documents.blocks import Block, tidy
from fc_distilabel.documents.markup import html_blocks

_FRONT_MATTER = re.compile(
    r"\A\s*(---|\+\+\+)[ \t]*\n(?=[\w'\"-]+[ \t]*[:=])(.*?\n)\1[ \t]*(?:\n|\Z)", re.DOTALL
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(\S[^\n]*)$", re.MULTILINE)
_LIQUID = re.compile(r"\{%[^%]{0,500}%\}|\{\{[^{}]{0,200}\}\}")  # bounded: linear on "{%{%{%"
_ADMONITION = re.compile(
    r"^([ \t]*)(?:!!!|\?\?\?\+?|:::)[ \t]*[\w-]*[ \t]*(\"[^\"\n]*\")?[ \t]*$", re.M
)
_ATTRIBUTES = re.compile(r"\{[:#.][^{}\n]{0,200}\}")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")


def markdown_blocks(text: str) -> list[Block]:
    """Prose, headings, list items and table rows; the front matter's title is the first heading."""
    # Imported late: only reading needs the Markdown library.
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title, body = _front_matter(text)
    body = _ADMONITION.sub(r"\1", _LIQUID.sub("", body))
    # Indented code is off: in what people bring, four spaces are mostly a paragraph in a list or
    # an admonition. What is code after all is left out as such, sentence by sentence.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    tokens = parser.parse(body)
    for token in tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = _plain(child.content)
    return [*title, *html_blocks(parser.renderer.render(tokens, parser.options, {}))]


def _plain(text: str) -> str:
    """Text without attribute lists, footnote marks and stars.

    Two stars that are left over are bold which CommonMark does not see beside Chinese punctuation.
    """
    return _FOOTNOTE.sub("", _ATTRIBUTES.sub("", text)).replace("**", "")


def _front_matter(text: str) -> tuple[list[Block], str]:
    """The title that the front matter gives, as a heading, and the text after it."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return [], text
    title = _FRONT_TITLE.search(found[2])
    clean = tidy(title[1]).strip("\"'") if title else ""
    return [Block(clean, "heading")] if clean else [], text[found.end() :]
