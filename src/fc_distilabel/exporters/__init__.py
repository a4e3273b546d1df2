"""Exporters: one function per trainer and kind of data, from our row to what that trainer reads.

A name is the trainer's (`trl`: supervised), or the trainer's with `.dpo` (from a pair as in
`preferences.jsonl`) or `.kto` (from `{"prompt", "completion", "label", "tools"}`). A row that the
trainer's format cannot hold is `Dropped` with the reason. An exporter of another package joins by
the entry point group `fc_distilabel.exporters`, under names of the same form.
"""

from fc_distilabel.exporters.axolotl import to_axolotl, to_axolotl_dpo, to_axolotl_kto
from fc_distilabel.exporters.hermes import to_hermes, to_hermes_dpo, to_hermes_kto
from fc_distilabel.exporters.llamafactory import (
    to_llamafactory,
    to_llamafactory_dpo,
    to_llamafactory_kto,
)
from fc_distilabel.exporters.openai import to_openai, to_openai_dpo
from fc_distilabel.exporters.swift import to_swift, to_swift_dpo, to_swift_kto
from fc_distilabel.exporters.trl import to_trl, to_trl_dpo, to_trl_kto, to_trl_sft
from fc_distilabel.registry import EXPORTERS, exporter

__all__ = [
    "EXPORTERS",
    "exporter",
    "to_axolotl",
    "to_axolotl_dpo",
    "to_axolotl_kto",
    "to_hermes",
    "to_hermes_dpo",
    "to_hermes_kto",
    "to_llamafactory",
    "to_llamafactory_dpo",
    "to_llamafactory_kto",
    "to_openai",
    "to_openai_dpo",
    "to_swift",
    "to_swift_dpo",
    "to_swift_kto",
    "to_trl",
    "to_trl_dpo",
    "to_trl_kto",
    "to_trl_sft",
]
