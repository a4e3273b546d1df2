"""Whole pipelines, and the guard that runs them: one process that watches over distilabel's many.

    guard ── embedded server
      └── worker (own session) ── distilabel's pipeline ── one process a step

The guard validates, starts, watches and writes the files; the worker runs the pipeline and dies
with the guard; the steps' processes and the guard know of each other through `run.db`.
"""
