"""A service fails for a while: the same call again, and it goes well.

What a failure looks like is declared: the result is what it was, or an error with the keys that its
code has, each shape closed. So the result of a failed call is held to a schema like any other.
"""

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.closing import closed
from fc_distilabel.schemas.engine import violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.synthesis.own_apis.toolset import DECLARED
from fc_distilabel.synthesis.planning.facts import facts_of
from fc_distilabel.synthesis.planning.offered import other_jobs, with_distractors
from fc_distilabel.synthesis.planning.setting import Plan, Setting, numbered
from fc_distilabel.synthesis.planning.tables import words
from fc_distilabel.types import Exchange, Json, Tool

RATE_LIMIT = "rate_limit"
RETRY_AFTER = (5, 10, 15, 20, 30, 60)
"""Seconds that a service asks to wait."""
_TEXT: Schema = {"type": "string", "minLength": 1}
_SECONDS: Schema = {"type": "integer", "minimum": 1}


def tool_error(setting: Setting) -> Plan:
    """The first call fails, the second is the same and gives the result."""
    failure = _failure(setting)
    tool = _failing(setting, failure)
    [arguments] = setting.arguments()
    calls = numbered(tool.name, [arguments, arguments])
    return Plan(
        # A look-alike of another provider might well be tried after a failure.
        tools=with_distractors(setting, [tool], other_jobs(setting)),
        calls=calls,
        results=(failure, setting.result(calls[1])),
        facts=facts_of(setting.toolset, [arguments]),
        exchanges=(Exchange(rounds=((0,), (1,))),),
        failed=(0,),
    )


def _failure(setting: Setting) -> dict[str, Json]:
    """The result of a call that met a failure; nothing was done."""
    told = words(setting.language).failures
    code = setting.random.choice(list(told))
    text = setting.random.choice(told[code])
    if code != RATE_LIMIT:
        return {"error": {"code": code, "message": text}}
    seconds = setting.random.choice(RETRY_AFTER)
    message = text.format(seconds=seconds)
    return {"error": {"code": code, "message": message, "retry_after_seconds": seconds}}


def _failing(setting: Setting, failure: dict[str, Json]) -> Tool:
    """The tool with its failures declared; a user's own only where it lets them pass already."""
    tool = setting.needed
    if setting.is_own and tool.returns.get("$comment") != DECLARED:
        if violations(closed(tool.returns), failure):
            raise Dropped("results declare no failure", tool.name)
        return tool
    codes = list(words(setting.language).failures)
    return tool.model_copy(update={"returns": _or_failure(tool.returns, codes)})


def _or_failure(returns: Schema, codes: list[str]) -> Schema:
    """The results that there were, or an error; codes with the same details share a shape."""
    limited = closed_object(
        {"code": {"const": RATE_LIMIT}, "message": _TEXT, "retry_after_seconds": _SECONDS}
    )
    others = [code for code in codes if code != RATE_LIMIT]
    plain = closed_object({"code": {"enum": others}, "message": _TEXT})
    error = {"type": "object", "anyOf": [limited, plain]}
    return {"type": "object", "anyOf": [returns, closed_object({"error": error})]}
