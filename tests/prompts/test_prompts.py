"""The prompt files: equal in both languages, strict, plain text, and traceable."""

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta

import fc_distilabel.prompts
from fc_distilabel.prompts import prompt_hashes, render
from fc_distilabel.synthesis.data import message_examples
from fc_distilabel.types import LANGUAGES, Persona

FOLDER = Path(fc_distilabel.prompts.__file__).parent
NAMES = sorted(path.stem for path in (FOLDER / "en").glob("*.jinja"))


def variables(language, name):
    source = (FOLDER / language / f"{name}.jinja").read_text(encoding="utf-8")
    return meta.find_undeclared_variables(Environment(autoescape=True).parse(source))


def test_both_languages_have_the_same_prompts():
    """Every prompt exists in English and in Chinese."""
    assert NAMES
    assert sorted(path.stem for path in (FOLDER / "zh").glob("*.jinja")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_take_the_same_variables(name):
    """What a prompt says of its variables it says in both languages."""
    assert variables("en", name) == variables("zh", name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if variables("en", name)])
def test_an_undefined_variable_is_an_error(name, language):
    """A prompt never goes out with a hole in it."""
    with pytest.raises(UndefinedError):
        render(name, language)


def test_one_variable_too_few_is_an_error_too():
    """The error names what is missing."""
    with pytest.raises(UndefinedError, match="outcomes"):
        render("answer", "en", message="m", wish="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_go_in_as_they_are(language):
    """Neither HTML escaping nor template marks inside a value change a prompt."""
    goal = 'Ask <R&D> for "{{ 7 * 6 }}" {% raw %}'
    assert goal in render("refusal_notes", language, variant=0, goal=goal)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["plain", "rambling", "parallel", "bare", "change", "other"])
def test_the_example_message_is_json(language, form):
    """The reply that a prompt shows as its example is one that we would read."""
    for example in message_examples(language, form):
        told = {"persona": Persona(role="r", tone="t"), "who": "w", "notes": {}, "example": example}
        if example.assistant:
            text = render("user_later", language, form=form, wish="w", last="l", **told)
        else:
            text = render("user_message", language, goal="g", **told)
        shown = re.findall(r'^\{"message".*\}$', text, re.MULTILINE)
        assert [json.loads(line) for line in shown] == [{"message": example.message}]


def test_every_prompt_has_a_hash_of_its_own():
    """A run can record the very words that were asked."""
    hashes = prompt_hashes()
    assert set(hashes) == {f"{language}/{name}" for language in LANGUAGES for name in NAMES}
    assert len(set(hashes.values())) == len(hashes)


def test_a_hash_follows_the_content(tmp_path, monkeypatch):
    """Changing one prompt changes its hash, and no other."""
    before = copied(tmp_path / "before", monkeypatch).prompt_hashes()
    changed = copied(tmp_path / "after", monkeypatch)
    file = tmp_path / "after" / "zh" / "answer.jinja"
    file.write_text(file.read_text(encoding="utf-8") + "！", encoding="utf-8")
    after = changed.prompt_hashes()
    assert before == prompt_hashes()
    assert {name for name in before if before[name] != after[name]} == {"zh/answer"}


def copied(folder, monkeypatch):
    """The package of prompts, as it stands, at another place."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    name = f"copied_prompts_{folder.name}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module
