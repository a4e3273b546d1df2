"""Trainers' files, read back into full rows that can be checked, reviewed and exported again.

Messages, calls and tools come back equal. What a format does not hold, and so is lost on the way:
ids of calls (new ones are given) and whatever a row knows beyond its conversation, in all; an empty
system message, in all; the white space around words beside a call, in Hermes and in Axolotl's
preferences; a choice of constants, which reads as an enum, in LLaMA-Factory.
"""

from fc_distilabel.importers.trainers.forms import FORMS, Form, form_of
from fc_distilabel.importers.trainers.rows import Imported, import_record

__all__ = ["FORMS", "Form", "Imported", "form_of", "import_record"]
