"""Reading what models write."""

from fc_distilabel.calls.parse import parse_json, parse_reply

__all__ = ["parse_json", "parse_reply"]
