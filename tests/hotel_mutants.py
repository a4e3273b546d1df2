"""Ways to spoil the conversations of `hotel_talks`, by name; each leaves one thing wrong."""

import copy
import json
from collections.abc import Callable
from typing import Any

from fc_distilabel.types import Trajectory
from hotel_talks import Words, hotel_talk, tools_of

Row = dict[str, Any]
MUTATIONS: dict[str, Callable[[Row, Words], None]] = {}


def mutant(name: str, mutation: str, language: str) -> Trajectory:
    """A sound conversation with one thing spoilt."""
    row = hotel_talk(name, language).model_dump(mode="json")
    before = copy.deepcopy(row)
    MUTATIONS[mutation](row, Words(language))
    assert row != before, f"{mutation} changes nothing in {name}"
    return Trajectory.model_validate(row)


def mutation(change: Callable[[Row, Words], None]) -> Callable[[Row, Words], None]:
    """A mutation under its name."""
    MUTATIONS[change.__name__.strip("_").replace("_", " ")] = change
    return change


def places(row: Row, role: str) -> list[int]:
    """Where someone speaks; `calls` for the assistant's messages of calls."""
    return [
        index
        for index, message in enumerate(row["messages"])
        if (message["tool_calls"] and role == "calls")
        or (message["role"] == role and not message["tool_calls"])
    ]


def rounds(row: Row) -> list[list[Row]]:
    """Each message of calls with its results, taken out of the messages."""
    found = []
    for at in reversed(places(row, "calls")):
        end = at + 1 + len(row["messages"][at]["tool_calls"])
        found.append(row["messages"][at:end])
        del row["messages"][at:end]
    return found[::-1]


def words(row: Row, role: str, place: int) -> Row:
    """One of the messages of someone who speaks."""
    return row["messages"][places(row, role)[place]]


def say(text: str) -> Row:
    """Words of the assistant's."""
    return blank("assistant") | {"content": text}


def blank(role: str) -> Row:
    """A message that says nothing."""
    return {"role": role, "content": "", "tool_calls": [], "tool_call_id": "", "name": ""}


@mutation
def call_left_out(row: Row, w: Words) -> None:
    del row["messages"][places(row, "calls")[-1] :][:2]
    at = places(row, "calls")[-1]
    del row["messages"][at : at + 1 + len(row["messages"][at]["tool_calls"])]


@mutation
def one_of_two_calls(row: Row, w: Words) -> None:
    at = places(row, "calls")[0]
    row["messages"][at]["tool_calls"].pop()
    del row["messages"][at + 2]


@mutation
def call_twice(row: Row, w: Words) -> None:
    at = places(row, "calls")[-1]
    again = copy.deepcopy(row["messages"][at : at + 2])
    again[0]["tool_calls"][0]["id"] = again[1]["tool_call_id"] = "call_9"
    row["messages"][at + 2 : at + 2] = again


@mutation
def call_at_once(row: Row, w: Words) -> None:
    made = rounds(row)
    at = places(row, "user")[0] + 1
    row["messages"][at:at] = [message for round_ in made for message in round_]


@mutation
def call_late(row: Row, w: Words) -> None:
    made = rounds(row)
    at = places(row, "user")[-1] + 1
    row["messages"][at:at] = [message for round_ in made for message in round_]


@mutation
def call_before_the_user_speaks(row: Row, w: Words) -> None:
    made = rounds(row)
    row["messages"][1:1] = [message for round_ in made for message in round_]


@mutation
def other_argument(row: Row, w: Words) -> None:
    arguments = row["messages"][places(row, "calls")[-1]]["tool_calls"][0]["arguments"]
    name = next(iter(arguments))
    arguments[name] = w.of("Oslo", "奥斯陆")


@mutation
def argument_left_out(row: Row, w: Words) -> None:
    row["messages"][places(row, "calls")[-1]]["tool_calls"][0]["arguments"].popitem()


@mutation
def argument_too_many(row: Row, w: Words) -> None:
    arguments = row["messages"][places(row, "calls")[-1]]["tool_calls"][0]["arguments"]
    arguments["pets"] = 1


@mutation
def other_tool(row: Row, w: Words) -> None:
    at = places(row, "calls")[-1]
    names = [tool["name"] for tool in row["tools"]]
    call = row["messages"][at]["tool_calls"][0]
    call["name"] = next(name for name in names if name != call["name"])


@mutation
def other_id(row: Row, w: Words) -> None:
    at = places(row, "calls")[-1]
    row["messages"][at]["tool_calls"][0]["id"] = row["messages"][at + 1]["tool_call_id"] = "x"


@mutation
def other_result(row: Row, w: Words) -> None:
    message = words(row, "tool", -1)
    message["content"] = message["content"].replace("}", ',"more":1}', 1)


@mutation
def result_in_words(row: Row, w: Words) -> None:
    words(row, "tool", -1)["content"] = "fine"


@mutation
def result_left_out(row: Row, w: Words) -> None:
    del row["messages"][places(row, "tool")[-1]]


@mutation
def result_twice(row: Row, w: Words) -> None:
    at = places(row, "tool")[-1]
    row["messages"].insert(at, row["messages"][at])


@mutation
def rounds_swapped(row: Row, w: Words) -> None:
    at = places(row, "calls")
    messages = row["messages"]
    end = at[1] + 2
    messages[at[0] : end] = [*messages[at[1] : end], *messages[at[0] : at[1]]]


@mutation
def rounds_at_once(row: Row, w: Words) -> None:
    first, second = rounds(row)
    first[0]["tool_calls"] += second[0]["tool_calls"]
    at = places(row, "user")[-1] + 1
    row["messages"][at:at] = [*first, *second[1:]]


@mutation
def round_split(row: Row, w: Words) -> None:
    [[calls, *results]] = rounds(row)
    at = places(row, "user")[-1] + 1
    single = [calls | {"tool_calls": [call]} for call in calls["tool_calls"]]
    row["messages"][at:at] = [m for pair in zip(single, results, strict=True) for m in pair]


@mutation
def round_in_other_order(row: Row, w: Words) -> None:
    at = places(row, "calls")[0]
    row["messages"][at]["tool_calls"].reverse()
    row["messages"][at + 1 : at + 3] = row["messages"][at + 1 : at + 3][::-1]


@mutation
def answer_left_out(row: Row, w: Words) -> None:
    del row["messages"][places(row, "assistant")[-1]]


@mutation
def answer_blank(row: Row, w: Words) -> None:
    words(row, "assistant", -1)["content"] = " "


@mutation
def words_before_the_calls(row: Row, w: Words) -> None:
    row["messages"].insert(places(row, "calls")[0], say(w.of("Let me see.", "我看一下。")))


@mutation
def answer_tells_nothing(row: Row, w: Words) -> None:
    words(row, "assistant", -1)["content"] = w.of("Sorry, that went wrong.", "抱歉，出错了。")


@mutation
def user_turn_left_out(row: Row, w: Words) -> None:
    del row["messages"][places(row, "user")[-1]]


@mutation
def user_speaks_again(row: Row, w: Words) -> None:
    thanks = blank("user") | {"content": w.of("Thanks!", "谢谢！")}
    row["messages"] += [thanks, say(w.of("You are welcome.", "不客气。"))]


@mutation
def fact_left_out(row: Row, w: Words) -> None:
    said = next(f for f in reversed(row["blueprint"]["facts"]) if f["told_by"] == "user")
    for at in places(row, "user"):
        row["messages"][at]["content"] = row["messages"][at]["content"].replace(said["said"], "…")


@mutation
def number_inside_another(row: Row, w: Words) -> None:
    message = words(row, "user", -1)
    message["content"] = message["content"].replace("3", "13")


@mutation
def fact_told_early(row: Row, w: Words) -> None:
    said = row["blueprint"]["facts"][-1]["said"]
    words(row, "user", 0)["content"] += w.of(f" It is about {said}.", f"是{said}。")


@mutation
def number_told_early_in_words(row: Row, w: Words) -> None:
    words(row, "user", 0)["content"] += w.of(" For three nights.", "住三晚。")


@mutation
def question_left_out(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of("All right.", "好的。")


@mutation
def question_about_another_value(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of("Which hotel is it?", "请问是哪家酒店？")


@mutation
def question_about_the_other_date(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of(
        "What is the date of departure?", "请问离店日期是哪天？"
    )


@mutation
def date_told_early_in_another_form(row: Row, w: Words) -> None:
    words(row, "user", 0)["content"] += w.of(" We come on 2026-03-03.", "我们2026-03-03到。")


@mutation
def question_after_the_value(row: Row, w: Words) -> None:
    first, last = places(row, "assistant")
    asked = row["messages"][first]["content"]
    row["messages"][first]["content"] = w.of("All right.", "好的。")
    row["messages"][last]["content"] += w.of(f" {asked}", asked)


@mutation
def question_message_left_out(row: Row, w: Words) -> None:
    del row["messages"][places(row, "assistant")[0]]


@mutation
def value_not_needed(row: Row, w: Words) -> None:
    row["tools"][0]["parameters"]["required"] = ["city"]


@mutation
def value_never_withheld(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"][0]["about"] = []


@mutation
def value_accepted(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of("45 nights, at your service.", "好的，住45晚。")


@mutation
def allowed_values_unnamed(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of(
        "I'm sorry, that is not possible. What else?", "抱歉，这样不行，请问要改成什么？"
    )


@mutation
def tool_takes_the_value(row: Row, w: Words) -> None:
    parameters = row["tools"][0]["parameters"]["properties"]
    parameters["nights"]["maximum"] = 60


@mutation
def called_with_the_refused_value(row: Row, w: Words) -> None:
    name, value = next(iter(reversed(row["blueprint"]["asked_calls"][0]["arguments"].items())))
    wrong = next(f for f in row["blueprint"]["facts"] if f["path"] == f"0/{name}")
    assert wrong["value"] != value
    row["blueprint"]["asked_calls"][0]["arguments"][name] = wrong["value"]
    row["messages"][places(row, "calls")[0]]["tool_calls"][0]["arguments"][name] = wrong["value"]


@mutation
def never_corrected(row: Row, w: Words) -> None:
    row["blueprint"]["facts"].pop()


@mutation
def retry_left_out(row: Row, w: Words) -> None:
    at = places(row, "calls")[1]
    del row["messages"][at : at + 2]


@mutation
def retry_planned_otherwise(row: Row, w: Words) -> None:
    row["blueprint"]["asked_calls"][1]["arguments"]["nights"] = 1
    row["messages"][places(row, "calls")[1]]["tool_calls"][0]["arguments"]["nights"] = 1


@mutation
def failure_planned_away(row: Row, w: Words) -> None:
    _result_becomes(row, 0, row["blueprint"]["results"][1])


@mutation
def retry_planned_to_fail(row: Row, w: Words) -> None:
    _result_becomes(row, 1, row["blueprint"]["results"][0])


def _result_becomes(row: Row, number: int, result: Any) -> None:
    row["blueprint"]["results"][number] = result
    words(row, "tool", number)["content"] = json.dumps(result, ensure_ascii=False)


@mutation
def old_wish_called_with(row: Row, w: Words) -> None:
    row["messages"][places(row, "calls")[-1]]["tool_calls"][0]["arguments"]["city"] = w("rome")


@mutation
def old_wish_planned(row: Row, w: Words) -> None:
    old_wish_called_with(row, w)
    row["blueprint"]["asked_calls"][-1]["arguments"]["city"] = w("rome")


@mutation
def wish_never_changed(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"][1]["intent"] = "follow_up"


@mutation
def one_tool_offered(row: Row, w: Words) -> None:
    row["tools"] = row["tools"][1:]


@mutation
def system_forgets(row: Row, w: Words) -> None:
    row["messages"][0]["content"] = w.of("You help guests.", "你为客人服务。")


@mutation
def system_left_out(row: Row, w: Words) -> None:
    del row["messages"][0]


@mutation
def user_contradicts_the_system(row: Row, w: Words) -> None:
    words(row, "user", 0)["content"] += w.of(
        " Today's date is March 9, 2026.", "今天的日期是2026年3月9日。"
    )


@mutation
def planned_contradiction(row: Row, w: Words) -> None:
    said = w.of("March 9, 2026", "2026年3月9日")
    fact = row["blueprint"]["facts"][-1] | {"told_by": "user", "value": "2026-03-09", "said": said}
    row["blueprint"]["facts"].append(fact)
    words(row, "user", 0)["content"] += w.of(f" Or {said}.", f"或者{said}。")


@mutation
def user_says_the_id(row: Row, w: Words) -> None:
    words(row, "user", 0)["content"] += " GU-4821"


@mutation
def result_gives_another_id(row: Row, w: Words) -> None:
    _result_becomes(row, 0, {"guest_id": "GU-9999"})


@mutation
def id_from_a_call_of_the_same_message(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"] = [{"rounds": [[0, 1]]}]
    rounds_at_once(row, w)


@mutation
def ids_called_at_once(row: Row, w: Words) -> None:
    row["blueprint"]["kind"] = "parallel"
    id_from_a_call_of_the_same_message(row, w)


@mutation
def turns_without_calls(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"] = [{}, {"intent": "follow_up", "rounds": [[0], [1]]}]
    call_late(row, w)


@mutation
def planned_as_one_turn(row: Row, w: Words) -> None:
    row["blueprint"]["kind"] = "multi_turn"


@mutation
def planned_as_single(row: Row, w: Words) -> None:
    row["blueprint"]["kind"] = "single"


@mutation
def planned_as_parallel(row: Row, w: Words) -> None:
    row["blueprint"]["kind"] = "parallel"


@mutation
def called_all_the_same(row: Row, w: Words) -> None:
    call = {"id": "call_0", "name": row["tools"][0]["name"], "arguments": {}}
    result = blank("tool") | {"content": "{}", "tool_call_id": "call_0"}
    at = places(row, "assistant")[0]
    row["messages"][at:at] = [blank("assistant") | {"tool_calls": [call]}, result]


@mutation
def says_it_is_done(row: Row, w: Words) -> None:
    words(row, "assistant", 0)["content"] = w.of("Sure, it is cancelled.", "好的，已经注销。")


@mutation
def right_tool_offered(row: Row, w: Words) -> None:
    row["tools"].append(tools_of(w)[row["blueprint"]["missing"]["name"]])


@mutation
def only_far_tools(row: Row, w: Words) -> None:
    row["tools"] = row["tools"][:1]


@mutation
def result_for_no_call(row: Row, w: Words) -> None:
    row["blueprint"]["results"].append({})


@mutation
def call_in_no_turn(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"] = [{"rounds": [[]]}]


@mutation
def call_that_there_is_not(row: Row, w: Words) -> None:
    row["blueprint"]["exchanges"] = [{"rounds": [[0, 7]]}]


@mutation
def fact_of_no_turn(row: Row, w: Words) -> None:
    row["blueprint"]["facts"][0]["turn"] = -1


@mutation
def fact_of_no_call(row: Row, w: Words) -> None:
    row["blueprint"]["facts"][0]["path"] = "city"


@mutation
def reference_to_no_call(row: Row, w: Words) -> None:
    row["blueprint"]["references"] = {"0/city": {"call": 4, "path": "x"}}
