"""What counts as a word, and which words are like another or near each other."""

from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.argilla_server.search import analysis
from fc_distilabel.argilla_server.search.documents import SearchedField, document
from fc_distilabel.argilla_server.search.near import is_near, like

ASCII = st.text(st.sampled_from("az09__:.,;'\" -\n"), max_size=20)
LETTER = st.sampled_from("abc")
SHORT = st.text(st.sampled_from("abc天"), min_size=1, max_size=5)


@given(ASCII)
def test_ascii(text):
    """The quick way to the words of an ASCII text is the rule of Unicode."""
    assert analysis.words(text) == analysis._word().findall(text)


def test_long_words():
    """A word without end counts as several."""
    assert [len(word) for word in analysis.words("x" * 600)] == [255, 255, 90]


def test_document():
    """A field's words carry its place; a chat's roles are words of their own; an image has none."""
    fields = [SearchedField(0, "text", "text"), SearchedField(2, "chat", "chat")]
    messages = [{"role": "User", "content": "Hi you"}, {"role": "User", "content": "bye"}]
    found = document(fields, {"text": "Hello", "image": "http://x", "chat": messages}).split()
    assert found == ["@", "0:hello", "2:hi", "2:you", "2:#", "2:bye", "2:#", "2=55736572"]


def test_deep_document():
    """A value may be nested deeper than Python recurses, and names and values keep their order."""
    value = "end"
    for _ in range(5_000):
        value = [{"in": value}]
    found = document([SearchedField(0, "tree", "custom")], {"tree": {"a": 1, "b": value}}).split()
    assert found[:4] == ["@", "0:a", "0:1", "0:b"] and found[-2:] == ["0:in", "0:end"]
    assert len(found) == 5_005


@given(SHORT, st.lists(SHORT, unique=True, max_size=6), st.integers(1, 2))
def test_like(word, others, edits):
    """As many letters put in, left out or changed as allowed, and the likest first."""
    found = like(word, edits, sorted(others))
    assert set(found) == {other for other in others if _distance(word, other) <= edits}
    likeness = [1 - _distance(word, one) / min(len(word), len(one)) for one in found]
    assert likeness == sorted(likeness, reverse=True)


@given(st.lists(LETTER, max_size=7), st.lists(LETTER, min_size=2, max_size=3))
def test_a_phrase_is_near(words, phrase):
    """Words in a row are near by any slop; more slop never finds less."""
    text = " ".join(f"0:{word}" for word in words)
    wanted = [f"0:{word}" for word in phrase]
    found = [is_near(text, wanted, slop) for slop in range(8)]
    assert found == sorted(found)
    assert found[0] == (f" {' '.join(wanted)} " in f" {text} ")
    assert found[-1] <= all(words.count(word) >= phrase.count(word) for word in phrase)


def _distance(one, other):
    """Levenshtein's distance by its definition."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        _distance(one[1:], other) + 1,
        _distance(one, other[1:]) + 1,
        _distance(one[1:], other[1:]) + (one[0] != other[0]),
    )
