"""An assistant by rule, for scripted runs of all kinds: it knows only what stands in the prompt.

It reads the conversation out of a prompt that asks for calls, picks the function that can be called
with what was said and returned, and calls nothing where a value is missing or not allowed. Values
are found by their form: the coinages of `scripts`, codes by pattern, addresses, dates.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

LINE = re.compile(r"^(User|Assistant|Result|System|用户|助手|结果|系统)[:：] ?(.*)$", re.MULTILINE)
ROLES = {"用户": "User", "助手": "Assistant", "结果": "Result", "系统": "System"}
MONTHS = (
    "January February March April May June July August September October November December"
).split()
EN_DATE = re.compile(rf"({'|'.join(MONTHS)}) (\d+), (\d{{4}})")
ZH_DATE = re.compile(r"(\d{4})年(\d+)月(\d+)日")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
TOKEN = re.compile(r"[\w+:-]+", re.ASCII)


class Heard(NamedTuple):
    """A conversation as it stands in a prompt."""

    lines: list[tuple[str, str]]

    @property
    def last(self) -> tuple[str, str]:
        """Who spoke last, and what."""
        return self.lines[-1] if self.lines else ("User", "")

    def texts(self) -> list[str]:
        """Everything that values may come from, the newest first."""
        return [text for role, text in reversed(self.lines) if role != "Assistant"]


def heard(prompt: str) -> Heard:
    """The conversation in a prompt."""
    return Heard([(ROLES.get(role, role), text) for role, text in LINE.findall(prompt)])


def options(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The functions that may be called: `{"name": ..., "arguments": schema}`."""
    form = schema.get("items", schema)
    listed = [o["properties"] for o in form.get("anyOf", [form])]
    return [{"name": o["name"]["const"], "arguments": o["arguments"]} for o in listed]


def calls(prompt: str, schema: dict[str, Any], coined: Sequence[str], needed: Sequence[str]) -> Any:
    """What the assistant calls, in the form of the schema; `needed` names what it is asked for."""
    talk, listed = heard(prompt), options(schema)
    made = [
        json.loads(line)
        for role, text in talk.lines
        if role == "Assistant"
        for line in re.findall(r"\[\"[\w-]+\",\{.*\}\]", text)
    ]
    found = list(_choose(talk, listed, made, coined, needed))
    if schema.get("type") == "array":
        return found
    return found[0] if found else {"name": listed[0]["name"], "arguments": {}}


def _choose(
    talk: Heard,
    listed: list[dict[str, Any]],
    made: list[list[Any]],
    coined: Sequence[str],
    needed: Sequence[str],
) -> Iterator[dict[str, Any]]:
    role, text = talk.last
    if role == "Result" and '"error":{' in text and made:
        yield {"name": made[-1][0], "arguments": made[-1][1]}
        return
    done = {name for name, _ in made} if role == "Result" else set()
    fresh = [option for option in listed if option["name"] not in done]
    for option in sorted(fresh, key=lambda o: _rank(o, talk, needed)):
        if not _is_meant(option, talk, needed):
            continue
        filled = list(_filled(option, talk, coined))
        if filled:
            yield from ({"name": option["name"], "arguments": each} for each in filled)
            return


def _rank(option: dict[str, Any], talk: Heard, needed: Sequence[str]) -> int:
    """A companion that the newest words speak of, what is asked for, then what leads there."""
    if _fits_newest(option, talk):
        return 0
    return 1 if option["name"] in needed else 2


def _is_meant(option: dict[str, Any], talk: Heard, needed: Sequence[str]) -> bool:
    leads = option["name"].startswith(("find_", "look_up_"))
    return option["name"] in needed or leads or _fits_newest(option, talk)


def _fits_newest(option: dict[str, Any], talk: Heard) -> bool:
    """Whether the newest words hold an address that only this sort of function takes."""
    newest = next((text for role, text in reversed(talk.lines) if role == "User"), "")
    properties = option["arguments"].get("properties", {})
    return any(p.get("format") == "email" for p in properties.values()) and bool(
        EMAIL.search(newest)
    )


def _filled(option: dict[str, Any], talk: Heard, coined: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The arguments of each call; none where what is required was not said or is not allowed."""
    values = {
        name: _values(schema, talk, coined)
        for name, schema in option["arguments"].get("properties", {}).items()
    }
    values = {name: found for name, found in values.items() if found}
    if set(option["arguments"].get("required", ())) - values.keys():
        return
    for number in range(max(map(len, values.values()), default=1)):
        yield {name: found[min(number, len(found) - 1)] for name, found in values.items()}


def _values(schema: dict[str, Any], talk: Heard, coined: Sequence[str]) -> list[Any]:
    """The values of a parameter in the newest text that has any."""
    for text in talk.texts():
        if found := list(dict.fromkeys(_read(schema, text, coined))):
            return found
    return []


def _read(schema: dict[str, Any], text: str, coined: Sequence[str]) -> Iterator[Any]:
    if "enum" in schema:
        yield from sorted(
            (v for v in schema["enum"] if str(v).replace("_", " ") in text),
            key=lambda v: text.index(str(v).replace("_", " ")),
        )
    elif schema.get("format") == "date":
        for month, day, year in EN_DATE.findall(text):
            yield f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"
        for year, month, day in ZH_DATE.findall(text):
            yield f"{year}-{int(month):02}-{int(day):02}"
    elif schema.get("format") == "email":
        yield from EMAIL.findall(text)
    elif "pattern" in schema:
        yield from (t for t in TOKEN.findall(text) if re.fullmatch(schema["pattern"], t))
    elif schema.get("type") == "string":
        yield from sorted((v for v in coined if v in text), key=text.index)
