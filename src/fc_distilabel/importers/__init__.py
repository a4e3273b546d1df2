"""Data sets of others, read as ours."""

from fc_distilabel.importers.messages import read_messages
from fc_distilabel.importers.rows import SUBJECTS, Subject, read_row, subject_of

__all__ = ["SUBJECTS", "Subject", "read_messages", "read_row", "subject_of"]
