"""Similar tools: close to the needed one, and each wrong for the request by a fact it states."""

from fc_distilabel.apis.similar.choosing import similar_tools
from fc_distilabel.apis.similar.nouns import SORTS, Decider, SimilarTool, Sort
from fc_distilabel.apis.similar.sorts import ALL

__all__ = ["ALL", "SORTS", "Decider", "SimilarTool", "Sort", "similar_tools"]
