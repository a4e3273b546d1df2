"""Conversations over the APIs that a user has: their definitions take the place of documents.

    file ── read ── OwnApi ── toolset (parts, values, words) ── the same road as any other toolset

A tool's parameters and result stay as they were read, nested as they are. What a conversation can
hold of them is a part; that part, values to fill it with and the request that it answers are told
by code from names, schemas and descriptions, and where these tell nothing the row is dropped.
"""

from fc_distilabel.synthesis.own_apis.reading import OwnApi, OwnApis, read_own_apis
from fc_distilabel.synthesis.own_apis.toolset import OwnTools, own_toolset

__all__ = ["OwnApi", "OwnApis", "OwnTools", "own_toolset", "read_own_apis"]
