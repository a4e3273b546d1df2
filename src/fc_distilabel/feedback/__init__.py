"""Rows to people and their feedback back; the only place that imports `argilla`."""
