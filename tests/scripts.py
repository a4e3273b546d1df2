"""Models for tests: functions that a `ScriptedLLM` or a `FakeEndpoint` answers by.

They know a request by the shape of the reply that it asks for, never by the words of a prompt, and
find the values that they must repeat by their own coinages (`STATIONS`, `SIZES`). So prompts may
change without a test noticing. Words in a document steer them: see `MARKS`.
"""

import json
import os
import re
import time
import zlib
from typing import Any

import assistant
from fc_distilabel.errors import EndpointError, EndpointUnusableError
from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.synthesis.data import actions
from fc_distilabel.testing import example_of
from made import HALLS, NUMBERS

STATIONS = {
    "en": ["Quillmont", "Brackwater", "Fennholt", "Dunmarrow"],
    "zh": ["枫林驿", "云溪驿", "石桥驿", "柳岸驿"],
}
SIZES = {"en": ["petite", "roomy", "colossal"], "zh": ["迷你格", "宽敞格", "巨型格"]}
MARKS = {"thistle": "scenario", "bramble": "toolset", "nettle": "dialogue"}
"""A word in a passage, and the stage at which its rows are dropped."""
SAME = "clover"
"""A word in English passages that all want the same."""
CHAT = {
    "en": [
        ". I have been meaning to do this for ages and never found the time, so thank you.",
        ". My sister told me about it over breakfast and would not stop, you know her kind.",
        ". It rained all morning while we were waiting, and nobody else seemed to care about that.",
        ". What with the move and the new job everything has been rather a mess over here lately.",
        ". Honestly the whole family keeps asking me whether that is settled, every evening.",
        ". Last summer somebody else took care of these things, but she has retired since then.",
        ". We are such a big group with so many bags that carrying them around is out of question.",
    ],
    "zh": [
        "。这件事我拖了好久一直没顾上办，真是麻烦您了，实在是太感谢了。",
        "。早上吃饭的时候姐姐跟我提起来，说个没完，您也知道她那脾气。",
        "。外面下了一上午的雨，大家都在屋檐下等着，谁也不着急的样子。",
        "。最近又是搬家又是换工作，家里乱成一团，好多事情都顾不过来。",
        "。全家人天天晚上都来问我办好了没有，我自己都不好意思再拖了。",
        "。去年夏天是另一位同事管这些，不过她已经退休回老家带孙子了。",
        "。我们这一大帮人大包小包的，背着到处走实在是吃不消，您多担待。",
    ],
}
PLAIN_LENGTH = 400
"""Characters that those may write who do not talk a lot."""
WORDS = {
    "en": {
        "thing": "locker rental",
        "subject": "locker rental",
        "date": "day of the rental",
        "time": "hour of the rental",
    },
    "zh": {
        "thing": "储物柜租用",
        "subject": "储物柜租用",
        "date": "租用日期",
        "time": "租用时刻",
    },
}


def good(request: ChatRequest) -> str:
    """A model that does everything right, but for what a mark says."""
    text = "\n".join(message["content"] for message in request.messages)
    return answer(text, request.response_schema or {})


def answer(text: str, schema: dict[str, Any]) -> str:
    """The reply to a prompt, by the shape of its schema."""
    properties = schema.get("properties", {})
    if "requests" in properties:
        reply: Any = _scenario(text, properties["requests"])
    elif "parameters" in properties:
        reply = _toolset(text, schema)
    elif "message" in properties:
        reply = {"message": _message(text, properties["message"]["maxLength"])}
    elif "reply" in properties:
        reply = {"reply": ", ".join(_coined(text)) or "Sorry, I cannot do that."}
    else:
        reply = _calls(text, schema)
    return json.dumps(reply, ensure_ascii=False)


def _language(text: str) -> str:
    return "zh" if len(re.findall("[\u4e00-\u9fff]", text)) > 40 else "en"


def _hall(text: str) -> str:
    """Which hall of the document is spoken of: no two passages want the same, but for `SAME`."""
    if SAME in text:
        return SAME
    numbers, halls = "|".join(NUMBERS), "|".join(HALLS)
    found = re.search(f"(?:{numbers})(?= locker rental)|(?:{halls})(?=厅)", text)
    return found.group() if found else ""


def _thing(text: str) -> str:
    """What is wanted, hall included."""
    language = _language(text)
    hall, thing = _hall(text), WORDS[language]["thing"]
    if hall == SAME:
        return f"{SAME} {thing} that every traveller can pay by card"
    return f"{hall} {thing}".strip() if language == "en" else f"{hall}厅{thing}"


def _request(text: str) -> str:
    """What is wanted and how that begins, where the text says it."""
    begins = "|".join(action.request[0] for action in actions(_language(text)))
    found = re.search(f"(?:{begins}) ?{_thing(text)}", text)
    return found.group() if found else _thing(text)


def _marks(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def _message(text: str, most: int) -> str:
    """What the user says: all that is noted in the prompt's last line, without what it is called.

    Whoever may write much is somebody who talks a lot.
    """
    _, notes = re.split(": |：", text.splitlines()[-1], maxsplit=1)
    noted = [re.split(": |：", note, maxsplit=1) for note in re.split("; |；", notes)]
    chats = CHAT[_language(text)]
    chat = chats[zlib.crc32(notes.encode()) % len(chats)] if most > PLAIN_LENGTH else ""
    return ", ".join([note[1] for note in noted if len(note) > 1] or [notes]) + chat


def _scenario(text: str, listed: dict[str, Any]) -> dict[str, Any]:
    if "thistle" in text:
        return {"nonsense": text[:10]}
    language = _language(text)
    begins = re.match(r"\^\((.*?)\)", listed["items"]["pattern"])
    begin = begins.group(1).split("|")[0] if begins else ("Check" if language == "en" else "查询")
    gap = " " if language == "en" else ""
    marks = "".join(f" {mark}" for mark in _marks(text)) if language == "en" else ""
    return {"requests": [f"{begin}{gap}{_thing(text)}{marks}"] * listed["minItems"]}


def _toolset(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    if "bramble" in text:
        return {"nonsense": True}
    language = _language(text)
    names = ("station", "station size") if language == "en" else ("站点", "格口大小")
    fields = [
        {"name": "stop", "description": names[0], "kind": "text", "examples": STATIONS[language]},
        {"name": "size", "description": names[1], "kind": "choice", "examples": SIZES[language]},
    ]
    lacking = schema["properties"]["parameters"].get("minItems", 0) - len(fields)
    fields += [
        {"name": f"rental_{kind}", "description": WORDS[language][kind], "kind": kind}
        for kind in ("date", "time")[: max(0, lacking)]
    ]
    pattern = schema["properties"]["name"].get("pattern", "")
    verb = re.match(r"\^\((.*?)\)", pattern)
    first = verb.group(1).split("|")[0] if verb else "rent"
    reply = {
        "name": _named(first, text),
        "subject": WORDS[language]["subject"],
        "description": "Rent a locker." if language == "en" else "租用储物柜。",
        "parameters": fields,
    }
    if "result" in schema["properties"]:
        names = ("colour of the key",) if language == "en" else ("钥匙的颜色",)
        colours = ["amber", "teal", "mauve"] if language == "en" else ["琥珀色", "青色", "紫红色"]
        reply["result"] = [
            {"name": "colour", "description": names[0], "kind": "choice", "examples": colours}
        ]
    return reply


def _calls(text: str, schema: dict[str, Any]) -> Any:
    """The calls that a sound assistant makes, in the form that the schema asks for."""
    if "nettle" in text:
        return example_of(schema)
    return assistant.calls(text, schema, STATIONS["en"] + STATIONS["zh"], _needed(text))


def _needed(text: str) -> list[str]:
    """What the needed function is called: by the verb of the request, and the hall."""
    asked = [a for a in actions(_language(text)) if _request(text).startswith(a.request[0])]
    return [_named(action.verbs[0], text) for action in asked]


def _named(verb: str, text: str) -> str:
    return f"{verb}_locker_{zlib.crc32(_hall(text).encode()) % 1000:03}"


def _coined(text: str, *pools: dict[str, list[str]]) -> list[str]:
    """The coined values in a prompt, as they stand there; lines that declare functions aside."""
    last = "\n".join(line for line in text.splitlines() if "(" not in line)
    wanted = [v for pool in (pools or (STATIONS, SIZES)) for group in pool.values() for v in group]
    return sorted((v for v in wanted if v in last), key=last.index)


def slow(request: ChatRequest) -> str:
    """As `good`, each reply after `FC_TEST_DELAY` seconds."""
    time.sleep(float(os.environ.get("FC_TEST_DELAY", "0.05")))
    return counted(request)


def counted(request: ChatRequest) -> str:
    """As `good`; a line for each call in the file that `FC_TEST_CALLS` names."""
    if path := os.environ.get("FC_TEST_CALLS"):
        key = zlib.crc32(request.model_dump_json().encode())
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{key}\n".encode())
        os.close(descriptor)
    return good(request)


def hanging(request: ChatRequest) -> str:
    """A model that never answers the dialogue's questions."""
    if request.stage == "dialogue":
        time.sleep(3600)
    return good(request)


def broken(request: ChatRequest) -> str:
    """A bug: an exception that nobody foresaw."""
    if request.stage == "toolset":
        raise KeyError("a bug")
    return good(request)


def failing(request: ChatRequest) -> str:
    """An endpoint that fails every toolset."""
    if request.stage == "toolset":
        raise EndpointError("the endpoint answered 500: no")
    return good(request)


def leaving(request: ChatRequest) -> str:
    """An endpoint that refuses everybody from the dialogue on."""
    if request.stage == "dialogue":
        raise EndpointUnusableError("the endpoint answered 401: no")
    return good(request)


def endpoint(body: dict[str, Any]) -> str:
    """As `good`, for a `FakeEndpoint`, after a delay that differs by request."""
    text = "\n".join(message["content"] for message in body["messages"])
    time.sleep(zlib.crc32(text.encode()) % 7 / 100)
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    return answer(text, schema) if schema else "OK"


def mending(request: ChatRequest) -> str:
    """A model that mends its call at once."""
    return json.dumps([{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 2}}])


def stubborn(request: ChatRequest) -> str:
    """A model that makes the same mistake again."""
    return json.dumps([{"name": "search_hotels", "arguments": {"city": "Rome", "nights": 200}}])
