"""Synthesis: pure async functions from a passage to a trajectory, over any `ChatModel`."""
