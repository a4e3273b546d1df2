"""How an assistant speaks, and a user never does: what tells a changed role in a message.

Small models drift into the assistant's part: they offer help, report results, ask the assistant's
own question back, or thank for a visit. Patterns stand for what people who ask do not write; what
both may write (`I'm sorry`, `thank you`, `let me know`) is not among them.
"""

import re
from collections.abc import Iterator, Sequence

from fc_distilabel.synthesis.user_checks.draft import Draft, Flaw

_DOES = (
    r"(?:check|book|find|look|search|update|change|cancel|renew|calculate|arrange|process|order)"
)
_HIS = (
    r"(?:request|order|booking|reservation|appointment|application|results?|account|registration"
    r"|search|cancellation|renewal|inquiry|details|information)"
)
_ZH_DOES = "(?:查|办|订|预|找|改|取消|处理|计算|登记|安排|续|提交|申请|核实|确认|算|更新|推荐|介绍)"
_ZH_HIS = "(?:请求|申请|订单|预订|预约|查询|需求|问题|登记|办理|信息)"

FLIPS = re.compile(
    # Offers of help.
    r"(how )?(can|may) I (help|assist)\b|what can I do for you|I('d| would)( be)? (happy|glad) to"
    r"|\bas an (AI|assistant)\b|I('m| am) (an AI|your|a virtual|an assistant)"
    r"|I can (help|assist) you"
    r"|\bI('ll| will| can) (help|assist|look into|take care of|get back|check (that|this|it))"
    r"|\blet me (?!know|tell|give|have|see|explain|be|ask|think|start|say|try|put|add|get|share"
    r"|in\b)[a-z]+"
    r"|would you like (me|to)\b|do you (want|need) me to|is there anything else|anything else I can"
    rf"|\b{_DOES}(ed|d)? (that|this|it|them|one) for you\b|I('ve| have) (found|made|\w+ed)"
    r" [\w ]{1,60}for you"
    r"|I('m| am) (unable|not able) to (help|assist|provide|process)"
    r"|I (can't|cannot) (help|assist|provide|process)"
    # Reports of results.
    rf"|^your\b|\bI('ll| will|'m| am|'ve| have)\b[\w ]{{1,30}}\byour {_HIS}\b"
    r"|\byou (should|will|'ll) (receive|be (charged|notified|contacted))"
    r"|^\W*you (can|may)\b(?![^.?!]*\b(for me|please|my|now)\b)"
    rf"|\byour {_HIS} (is|are|has|have|was|were|will)\b"
    r"|\bhere( is| are|'s) (your|what I|the (results?|answer))"
    r"|\bbeen successfully\b|\bsuccessfully (booked|updated|changed"
    r"|cancel\w+|renewed|submitted|registered)"
    # The manners of a service.
    r"|thank you for (using|choosing|contacting|your (patience|inquiry|interest|request|order))"
    r"|thanks for (using|choosing|contacting|reaching)|you('re| are) welcome"
    r"|apologi[sz]e for (the|any)|sorry for (the|any) inconvenience|have a (great|nice) (day|stay)"
    # Questions that only the one who serves asks, and talk about `the user`.
    r"|please (provide|specify|enter|share) (me |us )?(with )?(your|the following)"
    r"|could you (please )?(provide|specify|share) (me |us )?(with )?your"
    r"|\b(what('s| is)|may I (have|know)|can I (have|get)) your ([\w-]+ ){0,2}(user)?"
    r"(name|address|password|phone|number|account|budget|date)"
    r"|\bthe user('s)? (wants?|needs?|asks?|would|is|says|request)"
    r"|有什么(可以|能)?(帮|为)|(很高兴|乐意)(为|帮)|我(来|会|可以|能|将)?(帮|为|替|给)(您|你)"
    rf"|(帮|为|替)(您|你)(们)?{_ZH_DOES}|为您|已(经)?(帮|替|给)(您|你)"
    rf"|您的{_ZH_HIS}(已|正在|将|成功)|(结果|详情|信息)如下|(已|已经)成功|请(稍等|稍候|耐心)"
    r"|作为.{0,4}助手|我是.{0,6}(助手|客服|机器人)|感谢(您|你)?的?(支持|使用|咨询|耐心|来电|惠顾|理解)"
    r"|感谢(您|你)(的)?(支持|使用|选择|咨询)|不客气|还有(什么|其他|别的).{0,6}(需要|帮)|祝您"
    r"|(给|为)您带来|请(您)?提供(您|你)的|请问您(需要|想|要)(什么|哪|多少|几|办|预|查)"
    r"|您(需要|想|要)(什么|哪|多少|几)|用户(想|要|需要|希望|请求|说)",
    re.IGNORECASE,
)
"""What a user writes in no turn."""

NO_OPENING = re.compile(
    r"^\W*(no|yes|sure|certainly|of course|okay|great)\b|do you need to know"
    r"|^\W*(好的|没问题|当然)|请问您|^\W*(你|您)(是否)?(想|要|需要)",
    re.IGNORECASE,
)
"""What only answers something; nobody opens with it."""

ASKS_BACK = re.compile(
    r"\b(what|which|when|where|who|how (many|much|long))\b(?! about)[^.!?]{0,80}\?"
    r"|\b(could|can|would) you( please)? (provide|tell|specify|confirm)\b"
    r"|\bmay I (ask|know|have your)\b"
    r"|\bplease (provide|tell|specify|let me know)\b"
    r"|(什么|哪|多少|几[个位天人点号]|何时|怎么)[^。！？]{0,20}[?？]|请(您|你)?(提供|告诉|告知|说明|确认)"
    r"|请问",
    re.IGNORECASE,
)
"""Asking for what one was asked: no answer to a question."""

ADDRESSED = re.compile(
    r"\s*(user|assistant|ai|me|customer|用户|助手|客户|我)\s*[:：]", re.IGNORECASE
)
"""A message that says who speaks, as a written dialogue does."""


def out_of_role(draft: Draft) -> Iterator[Flaw]:
    """A message in which the user plays the assistant."""
    notes = draft.notes
    flipped = FLIPS.search(draft.frame) or ADDRESSED.match(draft.text)
    if notes.turn == 0:
        flipped = flipped or NO_OPENING.search(draft.frame)
        flipped = flipped or _greets_itself(draft.text, notes.said)
    if notes.form in ("supply", "correct", "change"):
        flipped = flipped or ASKS_BACK.search(draft.frame)
    if flipped:
        yield Flaw("role", "write as the person who asks, not as the assistant")


def _greets_itself(text: str, said: Sequence[str]) -> re.Match[str] | None:
    """A message that opens with a value and a greeting: nobody greets the name they give."""
    names = "|".join(map(re.escape, said))
    return re.match(rf"({names})[，,]?\s*(您好|你好|(?i:hello|hi)\b)", text) if said else None
