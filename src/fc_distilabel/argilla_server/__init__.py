"""A whole Argilla on this machine; the only place that imports `argilla_server`."""
