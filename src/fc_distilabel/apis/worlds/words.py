"""What the tools of a world say, in both languages.

Phrases avoid articles and measure words for what is put in, so that any label fits.
"""

from fc_distilabel.types import Language

_EN = {
    "search": "Search {plural} by any of these filters.",
    "get": "Get one {label} by its ID.",
    "list": "List the {plural} that belong to one {other}.",
    "create": "Create a new {label}.",
    "update": "Change one {label}; what is not given stays as it is.",
    "cancel": "Cancel one {label}.",
    "delete": "Delete one {label}.",
    "id": "ID of the {label}",
    "unit": "{label} ({unit})",
    "least": "{label}, at least",
    "most": "{label}, at most",
    "limit": "How many results to return at most",
    "not_found": "There is no {label} with the ID {value}.",
    "invalid_value": "{value} is not a valid value of {parameter}.",
    "allowed": "{message} Allowed: {allowed}.",
    "separator": ", ",
    "missing_value": "{parameter} must be given.",
    "unchanged": "Nothing to change was given.",
    "unknown_parameter": "There is no parameter {parameter}.",
    "refused_value": "The service does not accept {value} for {parameter} at the moment.",
    "closed": "The {label} {value} is cancelled already.",
    "in_use": "The {label} {value} cannot be deleted: {plural} refer to it.",
    "rate_limit": "Too many requests. Try again in {seconds} seconds.",
    "timeout": "The service did not answer in time. Nothing was changed.",
    "permission": "This account is not permitted to do that.",
}
_ZH = {
    "search": "按条件查询{label}。",
    "get": "按编号查看{label}详情。",
    "list": "列出与某一{other}相关的{label}。",
    "create": "新建{label}。",
    "update": "修改{label}，未填的内容保持不变。",
    "cancel": "取消{label}。",
    "delete": "删除{label}。",
    "id": "{label}编号",
    "unit": "{label}（{unit}）",
    "least": "{label}下限",
    "most": "{label}上限",
    "limit": "最多返回的条数",
    "not_found": "没有编号为{value}的{label}。",
    "invalid_value": "{parameter}的值{value}无效。",
    "allowed": "{message}可用的值：{allowed}。",
    "separator": "、",
    "missing_value": "缺少{parameter}。",
    "unchanged": "没有给出要修改的内容。",
    "unknown_parameter": "没有{parameter}这个参数。",
    "refused_value": "系统暂不接受{parameter}为{value}。",
    "closed": "{label}{value}已经取消。",
    "in_use": "{label}{value}不能删除：还有{other}与它关联。",
    "rate_limit": "请求过于频繁，请{seconds}秒后再试。",
    "timeout": "服务响应超时，没有做任何改动。",
    "permission": "当前账号没有权限进行此操作。",
}
_WORDS: dict[Language, dict[str, str]] = {"en": _EN, "zh": _ZH}


def word(language: Language, key: str, **parts: object) -> str:
    """The phrase of that name with its parts put in."""
    return _WORDS[language][key].format(**parts)
