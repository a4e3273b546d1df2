"""Checking anybody's data set, row by row."""

from fc_distilabel.checking.check import Report, check_row
from fc_distilabel.checking.stream import check_file

__all__ = ["Report", "check_file", "check_row"]
