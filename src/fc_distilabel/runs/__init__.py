"""What a run keeps on disk: its settings, every completion, every outcome, and the files it ends in."""
