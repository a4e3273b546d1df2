r"""Patterns that only lenient engines take, as every engine takes them.

JavaScript reads a hyphen beside a class like `\w` inside brackets as a hyphen (`[\w-.]`); with
its `u` flag, as JSON Schema asks for, and in most other engines the same is an error. There is but
one thing that it can mean, so it is written as such.
"""

import re

_SET = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_MEMBER = re.compile(r"\\.|.", re.DOTALL)
_CLASSES = frozenset(("\\w", "\\W", "\\d", "\\D", "\\s", "\\S"))


def portable(pattern: str) -> str:
    """The same pattern, with every hyphen that stands beside a class inside brackets escaped."""
    return _SET.sub(lambda found: _escaped(found[0]), pattern)


def _escaped(part: str) -> str:
    if len(part) < 3 or not part.startswith("["):
        return part
    members = _MEMBER.findall(part[1:-1])
    for index in range(1, len(members) - 1):
        beside = {members[index - 1], members[index + 1]}
        if members[index] == "-" and beside & _CLASSES:
            members[index] = "\\-"
    return f"[{''.join(members)}]"
