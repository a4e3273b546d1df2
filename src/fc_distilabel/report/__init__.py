"""What a run made, measured: one page for people and one JSON for programs."""
