"""User documents in, whole sentences and short passages out.

    files → blocks (one reader per format) → sentences → Document → Passage

Importing this package imports no reader library: each is imported by the function that needs it.
"""

from fc_distilabel.documents.blocks import Block
from fc_distilabel.documents.files import find_files
from fc_distilabel.documents.language import detect_language, guess_language
from fc_distilabel.documents.passages import (
    LanguageChoice,
    Reading,
    Section,
    read_documents,
    read_passages,
    read_readings,
    split_passages,
)
from fc_distilabel.documents.readers import read_blocks, read_text
from fc_distilabel.documents.sentences import split_sentences

__all__ = [
    "Block",
    "LanguageChoice",
    "Reading",
    "Section",
    "detect_language",
    "find_files",
    "guess_language",
    "read_blocks",
    "read_documents",
    "read_passages",
    "read_readings",
    "read_text",
    "split_passages",
    "split_sentences",
]
