"""What a word does to the numbers near it: planned, part of a whole, example, per; one table, one mechanism."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..corpus.lexicons import Words, lexical, rows
from .numbers import Number

PER_ORDER = ("person", "household", "each", "year", "month", "day")


class Cue(NamedTuple):
    """A cue word in the text: where it stands, what it does, how far it reaches, and what ends its reach."""

    start: int
    end: int
    word: str
    effect: str
    scope: str
    ended_by: str


# Text, place of the word, where its sentence begins: whether the word means here what the table says.
Guard = Callable[[str, int, int, int], bool]


@lexical
def _table() -> dict[str, tuple[str, str, str]]:
    return {word: (effect, scope, ended) for word, effect, scope, ended in rows("cues")}


@lexical
def _words() -> Words:
    return Words(_table())


_WILL = re.compile(
    r"[于在以再继续进一步全面新力努启开建投举组推出打实加逐陆深围坚聚持从达]|新增|开工|[一-龥]{2,8}(?:开工|投产|建设|启动|举办|走进|播出)"
)
_GRASP = re.compile(r"[^，。；]{1,18}(?:作为|列入|纳入|打造成|转化为|融入|从\d|提高到|缩短|建成|变成|改造|由\d)")


def cues(text: str, start: int, end: int) -> Iterator[Cue]:
    """Cue words of `text[start:end]` that mean what the table says.

    >>> [c.effect for c in cues("到位28亿元，其中产业投资26.4亿元", 0, 19)]
    ['part']
    """
    for word, first, last in _words().find(text, start, end):
        guard = _GUARDS.get(word)
        if guard is not None and not guard(text, first, last, start):
            continue
        effect, scope, ended = _table()[word]
        yield Cue(first, last, word, effect, scope, ended)


def _is_will(text: str, start: int, end: int, _: int) -> bool:
    """将 speaks of the future unless it takes an object (将乡村振兴作为…); 将近 and 麻将 are other words."""
    if text[end : end + 1] in "近军士领帅" or text[start - 1 : start] in ("即", "麻", "名", "主", "大", "干", "健"):
        return False
    return bool(_WILL.match(text, end)) and not _GRASP.match(text, end)


def _is_plan(text: str, start: int, end: int, _: int) -> bool:
    """计划 is a verb before another verb or a figure; in a name (暖心计划) or as an object (制定计划) it is none."""
    right = text[end : end + 1]
    left = text[start - 1 : start] if start else ""
    return (
        right not in "”’》，。；、的和外内书生性》（("
        and left not in ("”", "’")
        and text[end : end + 2] not in ("总投", "投资")
    )


def _is_must(text: str, start: int, end: int, _: int) -> bool:
    """要 before a verb of doing: 要新建, 要确保; not 需要, 主要, 重要, 要求."""
    left = text[start - 1 : start] if start else ""
    return left not in "需主重只不首概摘纪必紧想还机扼" and bool(_DOING.match(text, end))


def _is_aim(text: str, start: int, end: int, _: int) -> bool:
    """确保, 争取 before a figure that lies ahead; 争取资金300万元 tells of money won."""
    return bool(re.match(r"(?:全年|年内|年底|实现|完成|达到|新增|到20|今年|明年|在20)", text[end : end + 4]))


def _is_target(text: str, start: int, end: int, _: int) -> bool:
    """目标 announces a figure: 目标是, 发展目标为; 完成目标 reports one."""
    return bool(re.match(r"(?:是|为|[:：]|任务[:：]|定为|到)", text[end : end + 3]))


def _is_example(text: str, start: int, end: int, floor: int) -> bool:
    """如 opens an example only at the head of its sentence."""
    return (not text[floor:start].strip() and text[end : end + 1] in ("", ":", "：", "，", ",")) or len(
        text[start:end]
    ) > 1


def _is_future(text: str, start: int, end: int, floor: int) -> bool:
    return text[end : end + 1] in ("，", ",", "将", "五", "三", "要", "几", "计", "力")


_DOING = re.compile(
    r"(?:新增|新建|实现|确保|完成|建成|力争|达到|培育|推进|推动|新引|引进|抓好|办好|开工|建设|改造|争取|努力|再|全面|继续|加快|扎实)"
)

_GUARDS: dict[str, Guard] = {
    "要": _is_must,
    "确保": _is_aim,
    "争取": _is_aim,
    "将": _is_will,
    "计划": _is_plan,
    "目标": _is_target,
    "预期": lambda text, start, end, _: text[end : end + 2] not in ("寿命", "目标") or text[end : end + 3] == "目标是",
    "如": _is_example,
    "例如": _is_example,
    "比如": _is_example,
    "未来": _is_future,
    "拟": lambda text, start, end, _: (
        text[start - 1 : start] not in ("虚", "模", "草", "比", "起", "编", "研", "制", "机")
        and text[end : end + 1] not in ("定", "制", "真", "订")
    ),
    "包括": lambda text, start, end, _: text[start - 2 : start] != "其中",
    "每年": lambda text, start, end, _: text[end : end + 1] not in ("一", "度"),
}

_YEARLY = re.compile(
    r"(?<![0-9〇○一二三四五六七八九十今去全每当本前近两多周百千半])年(?=产|销售|营业|营收|收入|利润|发电|接待|培训|处理|增收|加工|供应|吞吐|服务|生产|人均|户均|节约|节水|节电|减排|交易|创汇|纳税|税收|旅客|用电|消费|综合收入|可)"
)
_MONTHLY = re.compile(
    r"(?<![0-9〇一二三四五六七八九十个每当本全上下])月(?=增收|工资|收入|薪|营业|销售|产量|产值|租金|补助|补贴|生活费)"
)
_DAILY = re.compile(
    r"(?<![0-9〇一二三四五六七八九十每当本节假生工近今昨次翌整])日(?=接待|产|工资|处理|供水|供气|发电|收入|吞吐|供应|加工|运送|开行)"
)
_BEHIND = re.compile(r"[/每／](人|户|年|月|天|日|亩|个|家)")
_BEHIND_PER = {
    "人": "person", "户": "household", "年": "year", "月": "month", "天": "day", "日": "day", "亩": "each", "个": "each", "家": "each",
}  # fmt: skip


def per_of(text: str, start: int, number: Number, spoken: Sequence[Cue]) -> str:
    """What the value is per, by the cues and words from `start` to the number and right behind it: 年人均增收 is person/year."""
    parts = {part for cue in spoken for part in cue.effect[4:].split("/")}
    words = text[start : number.start]
    if "年" in words and _YEARLY.search(words):
        parts.add("year")
    if "月" in words and _MONTHLY.search(words):
        parts.add("month")
    if "日" in words and _DAILY.search(words):
        parts.add("day")
    if match := _BEHIND.match(text, number.end):
        parts.add(_BEHIND_PER[match[1]])
    if not parts:
        return ""
    if number.quantity.dimension == "ratio":
        parts &= {"year"}
    elif number.quantity.dimension in ("people", "person_times"):
        parts -= {"person"}
    return "/".join(part for part in PER_ORDER if part in parts)
