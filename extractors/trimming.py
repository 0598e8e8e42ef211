"""The words before a number in, what they say of it out: without time, 累计 and 达, long quotations, and what `per` holds."""

from __future__ import annotations

import re

_TAIL = re.compile(
    r"(?:预计|已经|已|共计|共有|共|总计|累计|合计|达到了|达到|达|为|有|就有|(?<!签)约|分别|均|也|又|再|至|到|了|首次|一次性|计|上升到|提高到|成功|增至|增加到|发展到|增长到|保持在|稳定在|扩大到|"
    r"上升至|提升到|提升至|提高至|增长至|降至|降到|下降到|下降至|涨至|近|超|逾|各|就|仅|高达|多达|突破|是|以来|可达|可|能|的|(?:从|由)(?:过去|原来|此前|治理前|改革前|上年|去年|最初)?的?(?:最多|平均)?|[，,、：:；;（(]|\s)+$"
)
_HEAD = re.compile(
    r"^(?:[，,、：:；;）)（(\s▲●■◆—]|其中|共同(?!富裕|体)|并且|并|还|同时|此外|另外|已经|已|先后|累计|共计|共(?!享|青团|同富裕|同体|有产权|产党|商|治|富|和国|性|识|赢|用|管|建(?![成设立起造有档]))|总计|合计|全年|今年|去年|目前|一年来|期间|及|和|与(?!.{2,8}合作)|或|以及|[一二三四五六七八九十]是|积极|主动|大力|持续|"
    r"深入|扎实|切实|有效|广泛|精心|成功|分别|通过|全面|充分|进一步|不断|集中|直接|间接|整体|又|也|再(?!建)|能|各地|各级|全市|全县|全省|全区|全州|全国|我国|我市|我县|我省|我区|仅|首批|首次|"
    r"该(?!项目)|其(?![他它余实间])|等|的|了|预计|力争|计划(?=完成|建|培|新|[再又续增改扩]建|[今明本]年|年[内底末])|[明本]年(?![度轻])|年[底末]之?前|年内|将|要|在[^，。；]{2,16}?(?:方面|期间|中|上)(?=[一-龥])|建成后|投产后|达产后|截至[^，,]{1,10}?(?:底|末|月|日|目前))+"
)
FILLER = re.compile(
    r"累计|总计|共计|一共|已经|各类|各种|各项|一批|系列|多种|多个|每年|每月|全新|先后|(?:19|20)\d\d年(?:度)?(?:底|末)?|近[一二三四五六七八九十两]+年来?|今年以来|近年来|今年|去年|今天|昨天|全年|首次|分别|"
    r"前[一二三四五六七八九十\d]+个?(?:月|季度)|[一二三四]季度|上半年|下半年|超额|顺利|成功|平均每.|^该|(?<!签)约"
)
_COMPARED = re.compile(
    r"(?:与[^，。；]{2,10}?相)?(?<![同环占])(?:比|较)[^，。；]{0,12}?(?=增长|下降|上升|提高|提升|增加|减少|降低|回升|扩大|缩短)"
)
_QUOTED_LONG = re.compile(r"[“‘「『][^”’」』]{9,}[”’」』]|《[^》]*》")
BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_HOLDS = re.compile(r"^.{2,}?(?:现有|共有|设有|建有|拥有|下辖|下设|现存)(?=.{2,})")
_CHANGES_TO = re.compile(
    r"(?:缩短|压缩|压减|减少|上升|下降|提高|提升|降低|增加|扩大|增长|扩充|发展)(?:至|到|为)(?:了)?$"
)
_PUNCTUATION = re.compile(r"[，,：:；;\s]")


def closed(words: str, brand: str) -> str:
    """The words without brand and punctuation at their ends."""
    if brand and brand != words:
        words = words.replace(f"“{brand}”", "").replace(brand, "")
    return _PUNCTUATION.sub("", words).strip("、的和与及")


def clean(left: str, per: str) -> str:
    """The words before a number without all that does not say what it counts; `per` is that of the number.

    >>> clean("全年累计走访侨眷共", "")
    '走访侨眷'
    """
    if not left:
        return left
    if _MARKED.search(left):
        left = _LISTED_NAMES.sub("", _CUT_NAME.sub("", left))
        left = BRACKETED.sub("", _QUOTED_LONG.sub("", left))
        left = re.sub(r"^.*[ 　](?=[^ 　]{2,}$)", "", left)
    if per:
        left = _without_per(left, per)
    left = _strip_head(_strip_tail(left))
    if "比" in left or "较" in left:
        left = _COMPARED.sub("", left)
    left = FILLER.sub("", left)
    if "有" in left or "下" in left or "现存" in left:
        left = without_head(_HOLDS, left)
    return _strip_head(_strip_tail(left))


_MARKED = re.compile(r"[“”‘「『《（( 　]")
# A name whose first mark was cut off, and names that 等 sums up: “中秋暖侨”“四海迎春”等活动.
_CUT_NAME = re.compile(r"^[^“]*”")
_LISTED_NAMES = re.compile(r"(?:“[^”]*”[、和]?){2,}等?")
_TAIL_ENDS = frozenset(
    "已计有共达了为约别均也又再至到次性功在定大能可从由是以来的近超逾各就仅破多最平，,、：:；;（( 　\n\t"
)


def _strip_head(left: str) -> str:
    return without_head(_HEAD, left)


def without_head(head: re.Pattern[str], words: str) -> str:
    """The words without a beginning; a pattern that is substituted would be tried at every place."""
    match = head.match(words)
    return words[match.end() :] if match else words


def _without_per(left: str, per: str) -> str:
    """The words without those that `per` holds: 人均, 每月, 年产值's 年."""
    left = re.sub(r"(?:平均)?每(?:人次|户次|个月|[一-龥])(?:学生|职工|老人|村|家庭)?", "", left)
    if "person" in per or "household" in per:
        left = re.sub(r"年?[人户]均", "", left)
    if "year" in per:
        left = re.sub(r"年均|年(?=产|销售|营业|收入|利润|发电|接待|增收)", "", left)
    return re.sub(r"[月日]均", "", left) if "month" in per or "day" in per else left


def _strip_tail(left: str) -> str:
    """Words such as 累计 and 达 off the end; a change to a value keeps its word: 缩短至."""
    if not left or left[-1] not in _TAIL_ENDS or _CHANGES_TO.search(left):
        return left
    bare = _TAIL.sub("", left)
    return bare + left[len(bare) : len(bare) + 2] if _CHANGES_TO.search(left[: len(bare) + 2]) else bare
