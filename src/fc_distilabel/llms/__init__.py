"""The models behind the synthesis: an embedded one, any OpenAI-compatible endpoint, any other LLM.

Names are looked up on first use, so that the embedded server's process, which imports this package
on its way, does not pay for importing distilabel.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "ChatCompletionsLLM": "chat_completions",
    "EmbeddedLLM": "embedded",
    "EmbeddedServer": "embedded_server",
    "ScriptedLLM": "scripted",
    "as_chat_model": "adapter",
    "find_model": "model_files",
    "model_fingerprint": "model_files",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Import the module of a public name when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
