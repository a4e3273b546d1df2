"""The field's template is whole, and stays whole when Argilla puts it in."""

import base64
import hashlib
import re

import pytest

from fc_distilabel.feedback.review.page import field_template, view_script, view_style

TEMPLATES = [field_template("en"), field_template("zh")]
_SCRIPT = re.compile("<script>(.*?)</script>", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=["en", "zh"])
def test_nothing_is_left_to_fill_in(template):
    """No placeholder of ours remains, and none of Argilla's is in it."""
    assert not re.search("@[A-Z_]+@", template)
    assert "#TEMPLATE#" not in template and "#RECORD_OBJECT#" not in template


@pytest.mark.parametrize("template", TEMPLATES, ids=["en", "zh"])
def test_argillas_replace_leaves_it_as_it_is(template):
    """JavaScript's `replace` reads `$'` and the like in what it puts in: there is none."""
    assert not re.search(r"\$[$&`'<]", template)


@pytest.mark.parametrize("template", TEMPLATES, ids=["en", "zh"])
def test_the_policy_allows_this_script_only(template):
    """The frame's policy names the hash of the one script, and lets nothing be fetched."""
    (script,) = _SCRIPT.findall(template)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search('content="([^"]*)"', template)[1]
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';") and "connect-src" not in policy


def test_the_script_draws_text_only():
    """No way into HTML or code is used anywhere, so that no review has to find it."""
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", ".src"):
        assert word not in view_script()


def test_class_names_have_the_prefix():
    """Every class of the style sheet begins with `fct`, so that it meets none of a page around."""
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", view_style(), flags=re.S)))
    assert all(name.startswith("fct") for name in styled)
