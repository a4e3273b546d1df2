"""What the assistant's words do, by their wording: ask, decline, refuse a value.

Each is wide on purpose: what a good model writes in many ways must pass, and what lacks the act
altogether must not.
"""

import re

ASKS = re.compile(
    r"[?？]|\b(?:please|kindly)\s+(?:\w+ )?(?:provide|give|tell|share|specify|confirm|enter|supply"
    r"|state|choose|pick|let me)\b"
    r"|\b(?:let me know|tell me|could you|need to know|I(?:'ll| will| still| also)? need)\b"
    r"|请.{0,6}(?:提供|告诉|告知|说明|给出|补充|输入|确认|选择)|告诉我|告知|麻烦.{0,6}(?:提供|说)"
    r"|需要.{0,6}(?:提供|告诉|告知|知道|确认|补充)|还需要|还缺",
    re.IGNORECASE,
)
"""A question, or a request to give something."""

_CANNOT = (
    r"\b(?:can(?:no| no|['\u2019])?t|unable|not able|unsupported|unfortunately|impossible"
    r"|beyond what|(?:do|does)(?:n['\u2019]t| not) (?:have|offer|support|allow|accept)"
    r"|no (?:tool|way)|can only|(?:not|(?:is|are)n['\u2019]t) (?:\w+ )?(?:available|possible"
    r"|supported|allowed|accepted|offered|valid|one))\b"
    r"|无法|不能|不可|没法|没有(?:办法|相应|合适|相关|可|能|这|对应)|没办法|办不|做不|不支持|只能|只有|不行|不允许|不提供"
)
DECLINES = re.compile(_CANNOT, re.IGNORECASE)
"""That it cannot be done."""

REFUSES = re.compile(
    _CANNOT + r"|\b(?:invalid|only|at (?:most|least)|must be|has to be|have to be|between|up to"
    r"|no (?:more|less|fewer|earlier|later|longer) than|maximum|minimum|limit(?:ed)?|out of range"
    r"|too (?:many|much|high|low|long|short|large|small|big|few|early|late)|exceeds?)\b"
    r"|无效|只能|仅|必须|最多|最少|至多|至少|不超过|不少于|超过|超出|上限|下限|不在|太[大小多少长短高低早晚]|范围|不符|没有",
    re.IGNORECASE,
)
"""That a value cannot be, plainly or by naming its limits."""

WHEN = re.compile(
    r"\b(?:when|(?:what|which) (?:day|date|time)|how (?:soon|early|late))\b"
    r"|什么时[候间]|何时|哪[一]?[天日]|几[号点月]|什么日子",
    re.IGNORECASE,
)
HOW_MANY = re.compile(
    r"\bhow (?:many|much|long|far|old|big|large)\b|多少|多[久长远大]|几", re.IGNORECASE
)
