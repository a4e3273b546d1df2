"""Reading what models write."""

from fc_distilabel.calls.parse import parse_json, parse_reply
from fc_distilabel.calls.reading import CallReading, read_call_value, read_calls
from fc_distilabel.calls.write import NOTATIONS, write_calls

__all__ = [
    "NOTATIONS",
    "CallReading",
    "parse_json",
    "parse_reply",
    "read_call_value",
    "read_calls",
    "write_calls",
]
