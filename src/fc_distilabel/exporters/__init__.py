"""Exporters: one function per trainer, from a full row to what that trainer reads."""
