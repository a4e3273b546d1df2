"""Blueprints of several turns, made by hand, and what is said in them before the user speaks."""

from fc_distilabel.synthesis.user_turn import note_turn
from fc_distilabel.types import (
    Blueprint,
    Exchange,
    Fact,
    Language,
    Message,
    Persona,
    Tool,
    ToolCall,
    content_id,
)
from talk import scenario

WORDS = {
    "en": {
        "find": "Find a free table.",
        "cancel": "Cancels the reservation of a table by its code.",
        "labels": {
            "day": "Date of the visit",
            "place": "Place at the harbour",
            "guests": "Number of guests",
            "terrace": "Whether to sit outside",
            "code": "Booking code",
            "city": "City of the user",
        },
        "said": {
            "2026-03-09": "March 9, 2026",
            "Pier Garden": "Pier Garden",
            "Anchor Terrace": "Anchor Terrace",
            "yes": "yes",
            "city": "Lisbon",
        },
        "person": Persona(role="a nurse on night shifts", tone="a friendly tone"),
        "asks": "Could you please tell me the number of guests?",
        "asks_all": "Sure. For which day, at which place and for how many guests?",
        "refuses": "I'm sorry, a table for 40 is not possible, it can be from 1 to 12 guests.",
        "tells": "A corner sofa is free at Pier Garden, it costs 15.",
    },
    "zh": {
        "find": "查找空位。",
        "cancel": "按预订编号取消已经订好的座位。",
        "labels": {
            "day": "到店日期",
            "place": "海港边的位置",
            "guests": "用餐人数",
            "terrace": "是否坐在室外",
            "code": "预订编号",
            "city": "用户所在城市",
        },
        "said": {
            "2026-03-09": "2026年3月9日",
            "Pier Garden": "码头花园",
            "Anchor Terrace": "船锚露台",
            "yes": "是",
            "city": "青岛",
        },
        "person": Persona(role="夜班护士", tone="友好"),
        "asks": "好的，请告诉我用餐人数。",
        "asks_all": "好的，请问哪一天、在哪个位置、几位用餐？",
        "refuses": "抱歉，40人坐不下，可以是1到12人。",
        "tells": "码头花园有角落沙发，价格15元。",
    },
}
CODE = "BK-4471"
TURNS: dict[str, tuple[tuple[Exchange, ...], str]] = {
    "single": ((Exchange(rounds=((0,),)),), ""),
    "known": ((Exchange(rounds=((0,),)),), ""),
    "flagged": ((Exchange(rounds=((0,),)),), ""),
    "parallel": ((Exchange(rounds=((0, 1),)),), ""),
    "open": ((Exchange(ends="ask"), Exchange(intent="supply", rounds=((0,),))), "asks_all"),
    "asked": ((Exchange(ends="ask"), Exchange(intent="supply", rounds=((0,),))), "asks"),
    "refused": ((Exchange(ends="refuse"), Exchange(intent="correct", rounds=((0,),))), "refuses"),
    "changed": (
        (Exchange(rounds=((0,),)), Exchange(intent="change", rounds=((1,),))),
        "tells",
    ),
    "again": ((Exchange(rounds=((0,),)), Exchange(intent="follow_up", rounds=((1,),))), "tells"),
    "other": ((Exchange(rounds=((0,),)), Exchange(intent="follow_up", rounds=((2,),))), "tells"),
}
"""Name of a plan -> the user's turns, and what the assistant says between them."""


def _tools(language: Language) -> tuple[Tool, ...]:
    words = WORDS[language]
    kinds = {"guests": {"type": "integer"}, "terrace": {"type": "boolean"}}
    parameters = {
        name: kinds.get(name, {"type": "string"}) | {"description": label}
        for name, label in words["labels"].items()
    }
    found = {f"visit_{name}": schema for name, schema in parameters.items() if name != "code"}
    return (
        Tool(name="find_table", description=words["find"], parameters=_closed(found)),
        Tool(
            name="cancel_table",
            description=words["cancel"],
            parameters=_closed({"bookingCode": parameters["code"]}),
        ),
    )


def _closed(properties):
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _facts(name: str, language: Language) -> list[Fact]:
    words = WORDS[language]

    def fact(key, value, turn=0, call=0, told_by="user"):
        spoken = "yes" if value is True else str(value)
        said = words["said"].get(key if key == "city" else spoken, spoken)
        label, path = words["labels"][key], f"{call}/visit_{key}"
        return Fact(path=path, label=label, value=value, said=said, turn=turn, told_by=told_by)

    later = 1 if name == "open" else 0
    facts = [fact("day", "2026-03-09", later), fact("place", "Pier Garden", later)]
    guests = 40 if name == "refused" else 4
    facts.append(fact("guests", guests, 1 if name in ("open", "asked") else 0))
    more = {
        "known": [fact("city", WORDS[language]["said"]["city"], told_by="system")],
        "flagged": [fact("terrace", True)],
        "parallel": [fact("place", "Anchor Terrace", call=1)],
        "refused": [fact("guests", 4, 1)],
        "changed": [fact("place", "Anchor Terrace", 1, 1)],
        "again": [fact("place", "Anchor Terrace", 1, 1)],
        "other": [fact("code", CODE, 1, 2)],
    }
    return [*facts, *more.get(name, [])]


def plan(name: str, language: Language = "en", salt: int = 0, **persona: str) -> Blueprint:
    """The blueprint of that name; `salt` tells equal ones apart."""
    exchanges, _ = TURNS[name]
    person: Persona = WORDS[language]["person"]
    find = ToolCall(name="find_table", arguments={})
    return Blueprint(
        id=content_id(name, language, salt),
        kind="multi_turn" if len(exchanges) > 1 else "single",
        scenario=scenario(language),
        persona=person.model_copy(update=persona),
        tools=_tools(language),
        facts=tuple(_facts(name, language)),
        asked_calls=(find, find, ToolCall(name="cancel_table", arguments={})),
        results=({}, {}, {}),
        exchanges=exchanges,
    )


def before(blueprint: Blueprint, name: str, turn: int) -> list[Message]:
    """What is said before a turn: system, opening, and what the assistant answers it."""
    system = Message(role="system", content="You are a helpful assistant in Lisbon, 青岛.")
    if turn == 0:
        return [system]
    told = WORDS[blueprint.scenario.language][TURNS[name][1]]
    return [
        system,
        Message(role="user", content=note_turn(blueprint, 0)),
        Message(role="assistant", content=told),
    ]
