"""What a run is: its settings and plan, what it keeps on disk, and the files that it ends in."""
