"""All sorts; importing their modules puts them into the registry."""

from fc_distilabel.apis.similar import jobs, restrictions, units
from fc_distilabel.apis.similar.nouns import SORTS
from fc_distilabel.apis.similar.registry import MAKERS

ALL = SORTS
MODULES = (jobs, restrictions, units)

__all__ = ["ALL", "MAKERS"]
