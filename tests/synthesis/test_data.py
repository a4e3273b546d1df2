"""The words that are data: everyday tools, actions, look-alike templates, examples, personas."""

import json
import re
from random import Random

import pytest

from fc_distilabel.schemas import check_schema, lint_tool, lint_tools, violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.data import (
    actions,
    cities,
    everyday_tools,
    lookalike_templates,
    message_examples,
    personas,
    scenario_examples,
    toolset_examples,
)
from fc_distilabel.synthesis.fields import RESULT_KINDS, reply_schema
from fc_distilabel.synthesis.lookalikes import make_lookalikes
from fc_distilabel.synthesis.sampling import sample
from fc_distilabel.synthesis.wording import HAN, copies_prompt, in_language, shared_words
from fc_distilabel.types import KINDS, LANGUAGES, Tool

each_language = pytest.mark.parametrize("language", LANGUAGES)
FORMS = (
    *("plain", "terse", "rambling", "vague", "parallel", "bare"),
    *("supply", "supply_more", "correct", "change", "again", "other"),
)
"""Of users' messages, in both languages; English words are mixed in in Chinese only."""


def shapes(schema):
    """A schema without its words: what must be equal in both languages."""
    dropped = ("description", "enum")
    if isinstance(schema, dict):
        return {key: shapes(part) for key, part in schema.items() if key not in dropped} | {
            "enum": len(schema.get("enum", ()))
        }
    return schema


def wording(tool):
    """All that a tool says to people."""
    parts = [tool.parameters, tool.returns]
    fields = [field for part in parts for field in part["properties"].values()]
    return [tool.description, *(field["description"] for field in fields)]


@each_language
def test_everyday_tools_can_be_offered(language):
    """Every ready tool is free of flaws, legal for OpenAI, and worded in its language."""
    tools = everyday_tools(language)
    assert lint_tools(tools) == []
    assert all(re.fullmatch("[a-z0-9_]{1,64}", tool.name) for tool in tools)
    said = [words for tool in tools for words in wording(tool)]
    assert [words for words in said if has_han(words) != (language == "zh")] == []


def has_han(words):
    return bool(re.search(f"[{HAN}]", words))


@each_language
def test_everyday_results_exist(language):
    """For every ready tool there are arguments and a result that are valid."""
    for tool in everyday_tools(language):
        for schema in (tool.parameters, tool.returns):
            value = {name: drawn(field) for name, field in schema["properties"].items()}
            assert violations(schema, value) == []


def drawn(field):
    """A value of a field; free text may be anything."""
    if field["type"] == "boolean":
        return True
    return sample(
        field, {"string": ("anything",), "number": (1.5,)}.get(field["type"], ()), Random(1)
    )


def test_everyday_tools_are_the_same_in_both_languages():
    """Both languages offer tools of the same names and shapes."""
    english, chinese = (
        [(t.name, shapes(t.parameters), shapes(t.returns)) for t in everyday_tools(language)]
        for language in LANGUAGES
    )
    assert english == chinese


@each_language
def test_actions_can_be_asked_for(language):
    """Names are verbs that a function may begin with; what an action returns is a valid schema."""
    for action in actions(language):
        assert action.request and action.verbs
        assert all(re.fullmatch("[a-z]{2,12}", verb) for verb in action.verbs)
        assert all(in_language(words, language) for words in action.request)
        assert all(re.search(action.cue, words.lower()) for words in spoken(action))
        returns = closed_object(action.returns)
        check_schema(returns)
        tool = Tool(name="f", description="d", parameters=closed_object({}), returns=returns)
        assert lint_tool(tool) == []
        assert all(in_language(s["description"], language) for s in action.returns.values())


def spoken(action):
    """Texts that speak of the action: its own words, but for what any text may be asked."""
    return action.request if action.name in ("apply", "change") else ()


@each_language
def test_example_requests_are_of_our_actions(language):
    """What prompts show begins as a reply must, and is about its own text."""
    begins = tuple(begin for action in actions(language) for begin in action.request)
    for example in scenario_examples(language):
        assert all(request.startswith(begins) for request in example.requests)
        for request in example.requests:
            assert shared_words(request, f"{example.title} {example.text}", language)


def test_actions_are_the_same_in_both_languages():
    """Both languages know the same sorts of actions, with results of the same shapes."""
    english, chinese = (
        [(a.name, {k: shapes(s) for k, s in a.returns.items()}) for a in actions(language)]
        for language in LANGUAGES
    )
    assert english == chinese


def test_lookalikes_are_the_same_in_both_languages():
    """Both languages have look-alikes for the same jobs, of the same names and shapes."""
    english, chinese = (
        [{k: v for k, v in shapes(t).items() if k != "enum"} for t in lookalike_templates(language)]
        for language in LANGUAGES
    )
    assert english == chinese


@each_language
def test_every_action_has_enough_lookalikes(language):
    """Whatever the verb of the needed tool, two look-alikes are left to choose from."""
    verbs = {verb for action in actions(language) for verb in action.verbs}
    for verb in verbs:
        tool = Tool(name=f"{verb}_table", description="d", parameters=closed_object({}), returns={})
        assert len(make_lookalikes(tool, "tables", language)) >= 2


@each_language
def test_examples_are_what_we_would_accept(language):
    """The functions that prompts show follow the very schema that replies must follow."""
    for example in toolset_examples(language):
        reply = json.loads(example.reply)
        assert violations(reply_schema(2, 3), reply["parameters"]) == []
        assert violations(reply_schema(1, 2, RESULT_KINDS), reply["result"]) == []
        bare = json.loads(example.bare)
        assert bare == {key: part for key, part in reply.items() if key != "result"}
        fields = [*reply["parameters"], *reply["result"]]
        assert example.names == {field["name"] for field in fields}


@each_language
def test_copies_of_our_examples_are_recognised(language):
    """A reply that repeats a request which a prompt shows is found out."""
    shown = [example.request for example in toolset_examples(language)]
    assert [request for request in shown if not copies_prompt(request)] == []


@each_language
def test_messages_are_examples_of_their_form(language):
    """Openings are recognised where they are copied; only later turns answer something."""
    forms = FORMS + (("code_switching",) if language == "zh" else ())
    for form in forms:
        shown = message_examples(language, form)
        assert len({example.message for example in shown}) == len(shown) >= 2
        opens = form in FORMS[:6] or form == "code_switching"
        assert [bool(e.assistant) for e in shown] == [not opens] * len(shown)
        assert [e.message for e in shown if opens and not copies_prompt(e.message)] == []
        assert all(in_language(e.notes, language) for e in shown)


@each_language
def test_people_and_places_are_plenty(language):
    """There are personas and cities to choose from, none twice, in the language."""
    assert len(set(personas(language))) == len(personas(language)) >= len(KINDS)
    assert len(set(cities(language))) == len(cities(language)) >= 20
    for persona in personas(language):
        assert in_language(persona.role, language) and in_language(persona.tone, language)
    assert all(in_language(city, language) for city in cities(language))


def test_languages_are_equals():
    """Neither language has more personas or examples than the other."""
    english, chinese = (
        (
            len(personas(language)),
            len(toolset_examples(language)),
            [len(message_examples(language, form)) for form in FORMS],
        )
        for language in LANGUAGES
    )
    assert english == chinese
