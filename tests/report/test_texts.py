"""Tokens and windows: one rule for words and for Chinese characters."""

from fc_distilabel.report.texts import SHORT, WINDOW, terms, tokens, user_turns, weight, windows


def test_tokens_are_words_and_chinese_characters() -> None:
    """Case and punctuation do not count; no space parts Chinese words, so characters do."""
    assert tokens("Book B-12, 二楼!") == ["book", "b", "12", "二", "楼"]


def test_terms_pair_chinese_characters() -> None:
    """A single character says little; a pair is about a word, and never spans one of another."""
    assert terms("房间 two 北京市") == ["two", "房间", "北京", "京市"]


def test_a_window_is_13_words_or_20_characters() -> None:
    """One token less and there is none."""
    words = [f"w{number}" for number in range(14)]
    assert [len(window) for window in windows(words)] == [13, 13]
    assert not list(windows(words[:12]))
    characters = list("在未来十年内需要向收款方配偶支付多少赡养费呢")
    assert {len(window) for window in windows(characters)} == {20}
    assert not list(windows(characters[:19]))


def test_equal_runs_have_equal_windows_whatever_stands_before() -> None:
    """A run of mixed scripts is found again within another text."""
    run = tokens(
        "请在 New York City 预订 2 间 double rooms 从三月五日到三月九日 每晚不超过 300 dollars"
    )
    around = tokens("你好 hello 麻烦 ") + run + tokens(" thanks 谢谢")
    assert set(windows(run)) <= set(windows(around)) and list(windows(run))


def test_eight_words_are_the_least_question() -> None:
    """What is shorter than a window is looked for from eight words on."""
    assert weight(["w"] * 8) == SHORT < WINDOW == weight(["w"] * 13) == weight(["字"] * 20)


def test_only_the_user_counts() -> None:
    """Turns of others, and contents that are no text, are left out."""
    messages = [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": None},
        {"role": "user", "content": ["parts"]},
        {"role": "user", "content": " "},
        {"role": "user", "content": "two"},
    ]
    assert user_turns(messages) == ["one", "two"]
