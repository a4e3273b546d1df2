"""A small hand-written conversation of each kind, in both languages, for the tests of kinds.

A script is a list of lines: `("user", words)`, `("calls", *numbers)` for a round of the blueprint's
calls with their results, `("says", words)` for the assistant.
"""

from typing import Any, NamedTuple

from fc_distilabel.types import LANGUAGES, Json, Trajectory, canonical_json

_TEXTS: dict[str, tuple[str, str]] = {
    "rome": ("Rome", "罗马"),
    "bern": ("Bern", "伯尔尼"),
    "city": ("City", "城市"),
    "nights": ("Number of nights", "入住晚数"),
    "view": ("View from the room", "房间景观"),
    "sea": ("sea", "海景"),
    "court": ("court", "庭院"),
    "garden": ("garden", "花园"),
    "adler": ("Adler", "阿德勒酒店"),
    "krone": ("Krone", "皇冠酒店"),
    "hotel": ("Name of the hotel", "酒店名称"),
    "price": ("Price in euros", "价格（欧元）"),
    "guest": ("Name of the guest", "客人姓名"),
    "anna": ("Anna Berg", "王小明"),
    "guest_id": ("ID of the guest", "客人编号"),
    "date": ("Date of arrival", "到店日期"),
    "until": ("Date of departure", "离店日期"),
    "today": ("Today's date", "今天的日期"),
    "march": ("March 3, 2026", "2026年3月3日"),
    "may": ("May 5, 2026", "2026年5月5日"),
    "number": ("Number of the membership", "会员卡号"),
    "booking": ("ID of the booking", "预订编号"),
    "busy": ("The service is busy.", "服务繁忙。"),
    "find": ("Find hotels.", "查找酒店。"),
    "hostels": ("Find hostels.", "查找青年旅舍。"),
    "rooms": ("Find hotel rooms.", "查找酒店客房。"),
    "find_guest": ("Find the ID of a guest by name.", "按姓名查询客人编号。"),
    "list": ("List the bookings of a guest.", "列出客人的预订。"),
    "cancel": ("Cancel a booking.", "取消预订。"),
    "leave": ("Cancel a membership.", "注销会员。"),
    "goal": ("Find a place to stay", "找一个住处"),
}


class Words:
    """The words of one language, by name."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, name: str) -> str:
        return _TEXTS[name][LANGUAGES.index(self.language)]

    def of(self, *texts: str) -> str:
        """The one of two texts that is in the language."""
        return texts[LANGUAGES.index(self.language)]


class Script(NamedTuple):
    """What a blueprint and its messages are built from."""

    tools: list[str]
    calls: list[tuple[str, dict[str, Json], Json]]
    """Tool, arguments, result."""
    facts: list[tuple[str, str, Json, str, int]]
    """Path, label, value, as it is said, turn."""
    exchanges: list[dict[str, Any]]
    lines: list[tuple[Any, ...]]
    missing: str = ""
    system: str = ""
    """Path of the fact that the system message tells."""
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed


def tools_of(w: Words) -> dict[str, dict[str, Any]]:
    """All tools by name."""
    stay = {
        "city": _text(w("city")),
        "nights": {"type": "integer", "description": w("nights"), "minimum": 1, "maximum": 30},
    }
    view = {"enum": [w("sea"), w("court")], "description": w("view")}
    span = {"date": _day(w("date")), "until": _day(w("until"))}
    dated = {"city": _text(w("city")), "date": _day(w("date"))}
    offer = _closed(hotel=_text(w("hotel")), price={"type": "number", "description": w("price")})
    refused = _closed(error=_closed(code=_text("Code"), message=_text("Message")))
    booked = _closed(hotel=_text(w("hotel")), nights={"type": "integer"})
    who = _closed(guest_id=_text(w("guest_id")))
    done = _closed(done={"type": "boolean"})
    found = [
        ("search_hotels", "find", _closed(**stay), {"type": "object", "anyOf": [offer, refused]}),
        ("search_views", "find", _closed(city=stay["city"], view=view), offer),
        ("search_rooms", "rooms", _closed(**dated), offer),
        ("search_stays", "rooms", _closed(**span), offer),
        ("search_hostels", "hostels", _closed(**dated), offer),
        ("find_guest", "find_guest", _closed(guest_name=_text(w("guest"))), who),
        ("list_bookings", "list", who, booked),
        ("cancel_booking", "cancel", _closed(booking_id=_text(w("booking"))), done),
        ("cancel_membership", "leave", _closed(number=_text(w("number"))), done),
    ]
    return {
        name: {"name": name, "description": w(told), "parameters": takes, "returns": gives}
        for name, told, takes, gives in found
    }


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _day(description: str) -> dict[str, Any]:
    return _text(description) | {"format": "date"}


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def hotel_talk(name: str, language: str) -> Trajectory:
    """The sound conversation of that name; it begins like its kind."""
    w = Words(language)
    script, tools = SCRIPTS[name](w), tools_of(w)
    calls = [
        {"id": f"call_{number}", "name": tool, "arguments": arguments}
        for number, (tool, arguments, _) in enumerate(script.calls)
    ]
    results = [] if script.missing else [result for _, _, result in script.calls]
    keys = ("path", "label", "value", "said", "turn")
    facts = [dict(zip(keys, fact, strict=True)) for fact in script.facts]
    for fact in facts:
        fact["told_by"] = "system" if fact["path"] == script.system else "user"
    offered = [tools[tool] for tool in script.tools]
    blueprint = {
        "id": "b",
        "kind": name.partition(":")[0],
        "scenario": _scenario(w),
        "persona": {"role": "guest", "tone": "kind"},
        "tools": offered,
        "facts": facts,
        "asked_calls": calls,
        "missing": tools[script.missing] if script.missing else None,
        "results": results,
        "exchanges": script.exchanges,
        **script.more,
    }
    messages = [*_opening(w, facts), *_messages(script, calls, results)]
    return Trajectory.model_validate(
        {"tools": offered, "blueprint": blueprint, "messages": messages}
    )


def _scenario(w: Words) -> dict[str, Any]:
    return {
        "id": "s",
        "passage_id": "p",
        "document": "d",
        "domain": "travel",
        "action": "look_up",
        "language": w.language,
        "user_goal": w("goal"),
        "evidence": [],
    }


def _opening(w: Words, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = [f"{f['label']}: {f['said']}" for f in facts if f["told_by"] == "system"]
    text = " ".join([w.of("You help guests.", "你为客人服务。"), *known])
    return [{"role": "system", "content": text}]


def _messages(script: Script, calls: list[Any], results: list[Json]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for role, *parts in script.lines:
        if role == "calls":
            made = [calls[number] for number in parts]
            messages.append({"role": "assistant", "tool_calls": made})
            messages += [_result(calls[number], results[number]) for number in parts]
        else:
            speaker = "assistant" if role == "says" else "user"
            messages.append({"role": speaker, "content": parts[0]})
    return messages


def _result(call: dict[str, Any], result: Json) -> dict[str, Any]:
    content = canonical_json(result)
    return {"role": "tool", "content": content, "tool_call_id": call["id"], "name": call["name"]}


def _offer(w: Words, hotel: str, price: int) -> dict[str, Json]:
    return {"hotel": w(hotel), "price": price}


def _stay(w: Words, city: str, nights: int) -> dict[str, Json]:
    return {"city": w(city), "nights": nights}


def _fact(w: Words, path: str, value: Json, turn: int = 0) -> tuple[str, str, Json, str, int]:
    return path, w(path.partition("/")[2]), value, str(value), turn


def single(w: Words) -> Script:
    """One request, one call."""
    return Script(
        tools=["search_hotels"],
        calls=[("search_hotels", _stay(w, "rome", 2), _offer(w, "adler", 240))],
        facts=[_fact(w, "0/city", w("rome")), _fact(w, "0/nights", 2)],
        exchanges=[],
        lines=[
            (
                "user",
                w.of("Please find me a hotel in Rome for 2 nights.", "请在罗马找一家酒店住2晚。"),
            ),
            ("calls", 0),
            ("says", w.of("You can stay at Adler for 240 euros.", "可以住阿德勒酒店，240欧元。")),
        ],
    )


def multiple(w: Words) -> Script:
    """The right one of two tools; the system knows the date."""
    return Script(
        tools=["search_hostels", "search_rooms"],
        calls=[
            (
                "search_rooms",
                {"city": w("rome"), "date": "2026-03-03"},
                _offer(w, "adler", 120),
            )
        ],
        facts=[
            _fact(w, "0/city", w("rome")),
            ("0/date", w("today"), "2026-03-03", w("march"), 0),
        ],
        exchanges=[],
        lines=[
            (
                "user",
                w.of("I need a hotel room in Rome for today.", "请帮我订今天罗马的酒店客房。"),
            ),
            ("calls", 0),
            ("says", w.of("Adler has a room for 120 euros.", "阿德勒酒店有房，120欧元。")),
        ],
        system="0/date",
    )


def parallel(w: Words) -> Script:
    """Two calls that go out together."""
    return Script(
        tools=["search_hotels"],
        calls=[
            ("search_hotels", _stay(w, "rome", 2), _offer(w, "adler", 240)),
            ("search_hotels", _stay(w, "bern", 2), _offer(w, "krone", 310)),
        ],
        facts=[
            _fact(w, "0/city", w("rome")),
            _fact(w, "1/city", w("bern")),
            _fact(w, "0/nights", 2),
        ],
        exchanges=[],
        lines=[
            (
                "user",
                w.of("Hotels in Rome and Bern, 2 nights each.", "罗马和伯尔尼的酒店，各住2晚。"),
            ),
            ("calls", 0, 1),
            (
                "says",
                w.of(
                    "In Rome Adler for 240 euros, in Bern Krone for 310.",
                    "罗马有阿德勒酒店，240欧元；伯尔尼有皇冠酒店，310欧元。",
                ),
            ),
        ],
    )


def dependent(w: Words) -> Script:
    """The second call takes what the first one found."""
    return Script(
        tools=["list_bookings", "find_guest"],
        calls=[
            ("find_guest", {"guest_name": w("anna")}, {"guest_id": "GU-4821"}),
            ("list_bookings", {"guest_id": "GU-4821"}, {"hotel": w("adler"), "nights": 3}),
        ],
        facts=[("0/guest_name", w("guest"), w("anna"), w("anna"), 0)],
        exchanges=[{"rounds": [[0], [1]]}],
        lines=[
            ("user", w.of("What has Anna Berg booked?", "请查一下王小明订了什么。")),
            ("calls", 0),
            ("calls", 1),
            ("says", w.of("Adler, for 3 nights.", "阿德勒酒店，住3晚。")),
        ],
        more={"references": {"1/guest_id": {"call": 0, "path": "guest_id"}}},
    )


def multi_turn(w: Words) -> Script:
    """A question, and another one that leans on it."""
    return Script(
        tools=["search_hotels"],
        calls=[
            ("search_hotels", _stay(w, "rome", 2), _offer(w, "adler", 240)),
            ("search_hotels", _stay(w, "bern", 2), _offer(w, "krone", 310)),
        ],
        facts=[
            _fact(w, "0/city", w("rome")),
            _fact(w, "0/nights", 2),
            _fact(w, "1/city", w("bern"), 1),
        ],
        exchanges=[{"rounds": [[0]]}, {"intent": "follow_up", "rounds": [[1]]}],
        lines=[
            ("user", w.of("A hotel in Rome for 2 nights, please.", "请找一家罗马的酒店，住2晚。")),
            ("calls", 0),
            ("says", w.of("Adler costs 240 euros.", "阿德勒酒店，240欧元。")),
            ("user", w.of("And what about Bern?", "那伯尔尼呢？")),
            ("calls", 1),
            ("says", w.of("There it is Krone, for 310 euros.", "那里有皇冠酒店，310欧元。")),
        ],
    )


def missing_parameter(w: Words) -> Script:
    """The number of nights is asked for."""
    return Script(
        tools=["search_hotels"],
        calls=[("search_hotels", _stay(w, "rome", 3), _offer(w, "adler", 360))],
        facts=[_fact(w, "0/city", w("rome")), _fact(w, "0/nights", 3, 1)],
        exchanges=[
            {"ends": "ask", "about": ["0/nights"]},
            {"intent": "supply", "rounds": [[0]]},
        ],
        lines=[
            ("user", w.of("Please find me a hotel in Rome.", "请帮我在罗马找一家酒店。")),
            ("says", w.of("Gladly. What is the number of nights?", "好的，请问入住晚数是多少？")),
            ("user", w.of("3 nights.", "3晚。")),
            ("calls", 0),
            ("says", w.of("Adler is free, for 360 euros.", "阿德勒酒店有房，360欧元。")),
        ],
    )


def missing_date(w: Words) -> Script:
    """One of two dates is asked for."""
    return Script(
        tools=["search_stays"],
        calls=[
            (
                "search_stays",
                {"date": "2026-03-03", "until": "2026-05-05"},
                _offer(w, "adler", 7560),
            )
        ],
        facts=[
            ("0/until", w("until"), "2026-05-05", w("may"), 0),
            ("0/date", w("date"), "2026-03-03", w("march"), 1),
        ],
        exchanges=[
            {"ends": "ask", "about": ["0/date"]},
            {"intent": "supply", "rounds": [[0]]},
        ],
        lines=[
            ("user", w.of("A hotel room until May 5, 2026.", "找一间酒店客房，住到2026年5月5日。")),
            ("says", w.of("When will you arrive?", "请问哪天到店？")),
            ("user", w.of("March 3, 2026.", "2026年3月3日。")),
            ("calls", 0),
            ("says", w.of("Adler is free, for 7560 euros.", "阿德勒酒店有房，7560欧元。")),
        ],
    )


def irrelevant(w: Words) -> Script:
    """Nothing on offer has to do with the request."""
    return Script(
        tools=["search_hotels", "find_guest"],
        calls=[("cancel_membership", {"number": "GM-774"}, {"done": True})],
        facts=[_fact(w, "0/number", "GM-774")],
        exchanges=[{"ends": "decline"}],
        lines=[
            ("user", w.of("Please cancel my gym membership GM-774.", "请注销我的健身会员GM-774。")),
            ("says", w.of("I'm sorry, I can't cancel memberships.", "抱歉，我无法注销会员。")),
        ],
        missing="cancel_membership",
    )


def missing_function(w: Words) -> Script:
    """Something on offer is about bookings, but does not cancel them."""
    return Script(
        tools=["search_hotels", "list_bookings"],
        calls=[("cancel_booking", {"booking_id": "BK-5120"}, {"done": True})],
        facts=[("0/booking_id", w("booking"), "BK-5120", "BK-5120", 0)],
        exchanges=[{"ends": "decline"}],
        lines=[
            ("user", w.of("Please cancel my booking BK-5120.", "请取消我的预订BK-5120。")),
            ("says", w.of("I'm sorry, I cannot cancel bookings.", "抱歉，我没有办法取消预订。")),
        ],
        missing="cancel_booking",
    )


def invalid_value(w: Words) -> Script:
    """Too many nights, then fewer."""
    return Script(
        tools=["search_hotels"],
        calls=[("search_hotels", _stay(w, "rome", 28), _offer(w, "adler", 3360))],
        facts=[
            _fact(w, "0/city", w("rome")),
            _fact(w, "0/nights", 45),
            _fact(w, "0/nights", 28, 1),
        ],
        exchanges=[
            {"ends": "refuse", "about": ["0/nights"]},
            {"intent": "correct", "rounds": [[0]]},
        ],
        lines=[
            ("user", w.of("A hotel in Rome for 45 nights, please.", "请在罗马找酒店，住45晚。")),
            (
                "says",
                w.of(
                    "I'm sorry, 45 nights are not possible, at most 30. How many will it be?",
                    "抱歉，不能住45晚，最多30晚，请问住几晚？",
                ),
            ),
            ("user", w.of("Then 28 nights.", "那就28晚。")),
            ("calls", 0),
            ("says", w.of("Adler is free, for 3360 euros.", "阿德勒酒店有房，3360欧元。")),
        ],
    )


def invalid_choice(w: Words) -> Script:
    """A view that there is not."""
    return Script(
        tools=["search_views"],
        calls=[
            (
                "search_views",
                {"city": w("rome"), "view": w("sea")},
                _offer(w, "adler", 150),
            )
        ],
        facts=[
            _fact(w, "0/city", w("rome")),
            _fact(w, "0/view", w("garden")),
            _fact(w, "0/view", w("sea"), 1),
        ],
        exchanges=[
            {"ends": "refuse", "about": ["0/view"]},
            {"intent": "correct", "rounds": [[0]]},
        ],
        lines=[
            ("user", w.of("A room in Rome with a garden view.", "我要罗马一间花园景观的房间。")),
            (
                "says",
                w.of(
                    "There is no garden view, only sea or court. Which one?",
                    "没有花园景观，只能选海景或庭院，您要哪一种？",
                ),
            ),
            ("user", w.of("The sea, then.", "那就海景吧。")),
            ("calls", 0),
            ("says", w.of("Adler has one for 150 euros.", "阿德勒酒店有一间，150欧元。")),
        ],
    )


def tool_error(w: Words) -> Script:
    """The first try fails."""
    failure = {"error": {"code": "busy", "message": w("busy")}}
    return Script(
        tools=["search_hotels"],
        calls=[
            ("search_hotels", _stay(w, "rome", 2), failure),
            ("search_hotels", _stay(w, "rome", 2), _offer(w, "adler", 240)),
        ],
        facts=[_fact(w, "0/city", w("rome")), _fact(w, "0/nights", 2)],
        exchanges=[{"rounds": [[0], [1]]}],
        lines=[
            ("user", w.of("A hotel in Rome for 2 nights, please.", "请找一家罗马的酒店，住2晚。")),
            ("calls", 0),
            ("calls", 1),
            ("says", w.of("Adler costs 240 euros.", "阿德勒酒店，240欧元。")),
        ],
        more={"failed": [0]},
    )


def change_of_mind(w: Words) -> Script:
    """Another city after the answer."""
    script = multi_turn(w)
    lines = list(script.lines)
    lines[3] = ("user", w.of("No, make it Bern instead.", "不，还是改成伯尔尼吧。"))
    exchanges = [{"rounds": [[0]]}, {"intent": "change", "rounds": [[1]]}]
    return script._replace(lines=lines, exchanges=exchanges)


def change_before(w: Words) -> Script:
    """Another city with the answer to a question, before anything is called."""
    return Script(
        tools=["search_hotels"],
        calls=[("search_hotels", _stay(w, "bern", 3), _offer(w, "krone", 465))],
        facts=[
            _fact(w, "0/city", w("rome")),
            _fact(w, "0/nights", 3, 1),
            _fact(w, "0/city", w("bern"), 1),
        ],
        exchanges=[
            {"ends": "ask", "about": ["0/nights"]},
            {"intent": "change", "rounds": [[0]]},
        ],
        lines=[
            ("user", w.of("Please find me a hotel in Rome.", "请帮我在罗马找一家酒店。")),
            ("says", w.of("For how many nights?", "好的，请问要住几晚？")),
            ("user", w.of("3 nights, but in Bern after all.", "住3晚，不过改到伯尔尼。")),
            ("calls", 0),
            ("says", w.of("Krone is free, for 465 euros.", "皇冠酒店有房，465欧元。")),
        ],
    )


SCRIPTS = {
    "single": single,
    "multiple": multiple,
    "parallel": parallel,
    "dependent": dependent,
    "multi_turn": multi_turn,
    "missing_parameter": missing_parameter,
    "missing_parameter:date": missing_date,
    "irrelevant": irrelevant,
    "missing_function": missing_function,
    "invalid_value": invalid_value,
    "invalid_value:choice": invalid_choice,
    "tool_error": tool_error,
    "change_of_mind": change_of_mind,
    "change_of_mind:before": change_before,
}
