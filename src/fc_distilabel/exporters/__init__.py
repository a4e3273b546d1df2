"""Exporters: one function per trainer, from a full row to what that trainer reads.

An exporter of another package joins by the entry point group `fc_distilabel.exporters`.
"""

from fc_distilabel.exporters.trl import to_trl
from fc_distilabel.registry import EXPORTERS, exporter

__all__ = ["EXPORTERS", "exporter", "to_trl"]
