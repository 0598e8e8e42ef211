"""A text in, the names of divisions that it writes out, with the divisions that bear them."""

from __future__ import annotations

import re
from collections.abc import Container, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .regions import FOLDER, Divisions, Name, divisions

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_RANKS = frozenset("省市县区州旗盟")
BEFORE_SHORT = frozenset("在于到赴向对与和及从由自往至的是为以即驻入进访助援给将让")
_ESCAPES = re.compile(r"区[域别间块]|市[场民值面圈]|县域|旗[下帜舰]")
_ESCAPE_ENDS = frozenset("域别间块场民值面圈下帜舰")
_SPEAKS = re.compile(r"委|政府|人民政府|侨联|统战部|人大|政协|工商联|总工会|妇联")
_SPEAKS_ALONE = re.compile(r"(?:县委|市委)?(?:侨联|统战部|工商联|侨办)")
_ABBREVIATED = {
    "京": "110000", "津": "120000", "沪": "310000", "渝": "500000", "杭": "330100", "甬": "330200", "锡": "320200",
    "榕": "350100", "厦": "350200", "穗": "440100", "深": "440300", "邕": "450100", "蓉": "510100",
}  # fmt: skip
_OF_KIN = frozenset("籍侨华同商联")
_SPEAKERS = frozenset("侨统工县市")
_WATERS = frozenset("河江湖海山云广")
_BEFORE_WATERS = frozenset("黄长运护淮渤沿出入珠太泰行昆推白")
_BREAKS = {
    "成都": "完形建变造达生组集促构养现合落",
    "南通": "西东",
    "开封": "未已",
    "海口": "出入",
    "中山": "孙",
    "应城市": "顺适响相对反供效",
    "增城市": "新激递倍",
}
_FEATURE_AFTER = re.compile(
    r"[江湖岭岛](?![苏西南北区])|山(?![区村海乡歌])|河(?![道长南北])|源(?=国家|头|[”“公])|水库|运河|戏"
)
_SCHOOL = (
    "工业|科技|理工|师范|农业|农林|林业|医科|中医药|中医|财经|工商|交通|外国语|海洋|电子科技|传媒|民族|体育|艺术|航空航天|"
    "邮电|化工|石油|政法|外贸|经贸|职业技术|职业|建筑|科学技术|理工职业"
)
_NAME_AFTER = re.compile(
    rf"[市省]?(?:(?:{_SCHOOL}){{0,2}}(?:大学|学院)|[\u4e00-\u9fff]?(?:日报|晚报|晨报|早报|商报|都市报|新闻网|新闻联播)|卫视|电视台|"
    r"[东西南北中]?(?:[\d一二三四五六七八九十]+)?路(?![径演线])|大道|[东西南北中]?(?:大街|街(?!街?[道镇区头]))|大桥|"
    r"证券|期货|啤酒|拉面|火腿|装(?![备置修机配卸])|时间|协定|宣言|倡议|广播电视?台|人民广播|人民出版社|"
    r"菜系|话(?=[，。、])|石(?=材|[，。、])|瓜(?![果农])|股份|有限公司)"
)
_PAPER_AFTER = re.compile(
    r"[\u4e00-\u9fff]{0,2}(?:侨|青年|时|法[治制]|农村|农民|老年|科技|工人|教育|经济|画|特区|日|晚|晨|早|商|都市|消费|健康|政协|工商|侨乡)报"
)
_SITE_AFTER = re.compile(
    r"(?:国际)?机场|火车站|客运站|[东西南北]站(?![点位台区])|(?:第?[一二三四五六七八九十]{1,2})?[中小]学(?!生|习|者|到|会)|"
    r"[一二三四五六七八九十]中(?![\u4e00-\u9fff])|村(?![级委民里居镇落庄干企务医两党集晚超B])"
)
# 贵州茅台集团, 上海浦东发展银行: a firm under a name of its own; 福建侨商集团 is of a kind, 向中国银行 is another's.
_FIRM_AFTER = re.compile(
    r"银行|股份|有限公司|集团有限|[^\W\d_与和及同向到赴在对为从由把将等多某家这各该是有了联侨籍人参访考察引落组市县区省州企走来成立设注开创办租收、]{2,4}?"
    r"(?:银行|集团(?!化|式|军|发展)|股份|(?:有限)?公司)"
)
_PERSON_AFTER = re.compile(r"说(?=[，。：:,“])|先生|女士|告诉记者|坦言|一案")
_WORD_ENDS = frozenset("说先女告坦一")
_PERSON_DOES = re.compile(r"说|介绍|表示|老人|教授|主席|会长|院士|同志|夫妇|一家|告诉|为|捐|等")
_PERSON_BEFORE = re.compile(
    r"(?:主席|会长|书记|主任|委员|侨领|侨商|归侨|侨眷|教授|院士|代表|记者|医生|老师|理事长|董事长|校长|^|[、，。：；“（ \n])$"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范"
    "姚谭廖邹熊陆郝孔白崔康毛邱秦史顾侯邵孟段雷钱汤尹黎武乔贺赖龚"
)
# Names that are words too: 三|明确, 四|平方; what stands on the right shows the word.
_COUNTED = {
    "三明": re.compile(r"确(?![保定立认实])|显|亮"),
    "四平": re.compile("方|台|米"),
    "六安": re.compile("全(?![市县区省力面国体民])"),
    "百色": re.compile("彩"),
    "三亚": re.compile("种"),
}
_WORDS = frozenset((*_COUNTED, "安康"))
_BLESSED = re.compile(
    r"(?:群众|百姓|人民|幸福|健康|平安|身体|阖家|全家|祝|祝愿|祥和|吉祥|一方|生活|家庭|安泰|长寿|喜乐|康宁)$"
)
# The characters with which the four patterns begin: most places are followed by others, and looking is cheaper.
_NAME_FIRST = frozenset(
    "市省工科理师农林医中财商交外海电传民体艺航邮化石政经职建大学卫东西南北一二三四五六七八九十路街证广人期啤拉火装时协宣倡菜话瓜股有特"
    "日晚晨早都新0123456789０１２３４５６７８９"
)
_NAME_SECOND = frozenset("日晚晨早商都新")
_SITE_FIRST = frozenset("国机火客东西南北第中小村一二三四五六七八九十")
_FEATURES = frozenset("江湖岭岛山河源水运戏")
_GUILD_AFTER = re.compile(
    r"[省市县区]?(?:华侨华人|同乡|总?商会|联谊|会馆|公所|社团|侨团|侨领|总会|促进会|协会|企业家|"
    r"[\u4e00-\u9fff]{0,4}?(?:同乡会|会馆|商会|公会|校友会|乡亲会|宗亲会|总会|联谊会))"
)
_GUILD_LAST = frozenset("会馆乡商社侨领企协谊所")


class Place(NamedTuple):
    """A name of divisions in a text; `candidates` are adcodes, those of today first.

    Places that stand side by side and hold one another form a chain, which narrows them; `chain` is where it starts.

    `kind` is 'name' where the words are part of another name (浙江大学, 南京路) and speak for no division.
    """

    start: int
    end: int
    text: str
    candidates: tuple[str, ...]
    kind: Literal["division", "name"] = "division"
    chain: int = 0


@lru_cache(maxsize=1)
def _crossings() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By name what makes a word with its first character on the left, and with its last one on the right."""
    sides: dict[str, dict[str, frozenset[str]]] = {"left": {}, "right": {}}
    for line in (FOLDER / "crossing_words.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        letter, side, others = line.split("\t")
        sides[side][letter] = frozenset(others)
    left, right = sides["left"], sides["right"]
    names = [name for name in divisions().names if len(name) == 2 and name[0] in left and name[1] in right]
    return {name: (left[name[0]], right[name[1]]) for name in names}


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, list[str]]:
    """The searcher over all names, longest first from the left, and the names by pattern number."""
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    names = [*divisions().names, *_other_words()]
    # A table of all states finds names a third faster than the one that is the default for so many words; it has 16 MB.
    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA), names


def _other_words() -> list[str]:
    """Words that hold a division's name and mean something else: 大同小异, 大理石, 黄河, 加拿大."""
    lines = (FOLDER / "other_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = divisions().names
    begun = {name[:size] for name in known for size in range(1, len(name) + 1)}
    words = [line.partition("\t")[0] for line in lines] + sorted(word for word in _abroad() if len(word) > 2)
    return [word for word in dict.fromkeys(words) if word not in known and _meets(word, begun, known)]


def _meets(word: str, begun: Set[str], known: Container[str]) -> bool:
    """Whether a word holds a name or a name may begin at its end: 吉隆坡, 加拿大|连."""
    size = len(word)
    inside = any(word[left:right] in known for left in range(size) for right in range(left + 2, size + 1))
    return inside or any(word[left:] in begun for left in range(size))


def named(text: str) -> list[Place]:
    """The places that bear a name of the table."""
    searcher, names = _automaton()
    table = divisions()
    found: list[Place] = []
    known = len(table.names)
    for pattern, left, right in searcher.find_matches_as_indexes(text):
        if pattern >= known:
            continue
        name = names[pattern]
        before = found[-1] if found else None
        if (
            name in table.chained
            and (before is None or before.end != left)
            and text[right : right + 1] not in _SPEAKERS
            and text[left + 1 : left + 3] not in table.beginnings  # 亲临|江苏
        ):
            continue
        place = _place(table, text, left, right, name, before)
        if place is not None:
            if place.chain != place.start and before is not None and len(before.candidates) > 1:
                _narrow(table, found, place)
            found.append(place)
            if name[-1] == "市" and text.startswith("中区", right):
                _divide(table, text, found)
    return found


def _divide(table: Divisions, text: str, found: list[Place]) -> None:
    """济南市中区 is 济南 and its 市中区, where 济南 has one."""
    city = found[-1]
    name, end = city.text[:-1], city.end - 1
    inner = table.names["市中区"]
    if name not in table.names:
        return
    outer = city._replace(text=name, end=end, candidates=table.names[name].codes)
    linked = _linked(table, inner.codes, outer)
    if linked:
        found[-1] = outer
        found.append(Place(end, end + 3, "市中区", linked, "division", city.chain))
        _narrow(table, found[:-1], found[-1])


def _place(table: Divisions, text: str, start: int, end: int, name: str, before: Place | None) -> Place | None:
    """The match as a place, or None where its neighbours make it part of other words."""
    if text[end : end + 1] in _ESCAPE_ENDS and name[-1] in "区市县旗" and _ESCAPES.match(text, end - 1):
        name, end = name[:-1], end - 1
        if name not in table.names:
            return None
    entry = table.names[name]
    linked = _linked(table, entry.codes, before) if before and before.end == start else ()
    if not linked and name[-1] == "区" and start and text[start - 1] in _ABBREVIATED:
        linked, before = _of_abbreviated(table, entry.codes, text[start - 1]), None
    short = len(name) == 2 and not linked
    if (
        short
        and start
        and text[start + 1 : start + 3] in table.beginnings
        and (slipped := _slipped(table, text, start, name))
    ):
        start, end, name, entry = start + 1, start + 1 + len(slipped), slipped, table.names[slipped]
    if entry.left != "free" and not _stands_free(table, entry, text, start, end, linked, before):
        return None
    if start and not linked and (name in _BREAKS or name[0] in _WATERS) and _breaks(text[start - 1], name):
        return None
    if start and short and _crossed(text, start, end, name, before):
        return None
    if (
        short
        and (text[end : end + 1] in _WORD_ENDS or name in _WORDS or text[start - 1] in _SURNAMES)
        and _is_word(text, start, end, name)
    ):
        return None
    kind: Literal["division", "name"] = "name" if _part_of_name(text, start, end, before, bool(linked)) else "division"
    chain = before.chain if linked and before else start
    return Place(start, end, name, linked or entry.codes, kind, chain)


def _of_abbreviated(table: Divisions, codes: tuple[str, ...], city: str) -> tuple[str, ...]:
    """The districts of a city that stands before them as one character: 杭|西湖区."""
    return tuple(code for code in codes if _ABBREVIATED[city] in table.lines[code])


def _slipped(table: Divisions, text: str, start: int, name: str) -> str | None:
    """The name that begins one character later, where the first belongs to a word: 开通|辽宁, 从|江苏."""
    sides = _crossings().get(name)
    if (sides is None or text[start - 1] not in sides[0]) and name[0] not in BEFORE_SHORT:
        return None
    for size in (4, 3, 2):
        later = text[start + 1 : start + 1 + size]
        entry = table.names.get(later)
        if entry is not None and len(later) == size and entry.left == "free":
            return later
    return None


def _is_word(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name of two characters is a word or a person here: 祝群众安康, 三|明确, 李广安说."""
    counted = _COUNTED.get(name)
    if counted is not None and counted.match(text, end):
        return True
    if name == "安康" and _BLESSED.search(text[max(0, start - 4) : start]):
        return True
    if _PERSON_AFTER.match(text, end):
        return True
    if start == 0 or text[start - 1] not in _SURNAMES or not _PERSON_DOES.match(text, end):
        return False
    return _PERSON_BEFORE.search(text[max(0, start - 5) : start - 1]) is not None


def _stands_free(
    table: Divisions, entry: Name, text: str, start: int, end: int, linked: tuple[str, ...], before: Place | None
) -> bool:
    """Whether the left side allows the name: its parent for common words, the edge of a word for short county names.

    城区, 老城区 and the like also count where a body of the division follows: 老城区侨联.
    """
    if entry.left == "chained":
        if before and any(table.lines[code][0] in before.candidates for code in linked):
            return True
        ranked = text[end - 1] in "区县"
        speaks = (_SPEAKS if ranked else _SPEAKS_ALONE).match(text, end) is not None
        return speaks and (bool(ranked and linked) or not _inside_word(text, start))
    if linked:
        return True
    if before is not None and before.end == start:
        return text[end - 1] in _RANKS
    return not _inside_word(text, start) or (text[end : end + 1] in _OF_KIN and _abroad_before(text, start))


def _linked(table: Divisions, codes: tuple[str, ...], before: Place) -> tuple[str, ...]:
    """The codes that lie inside a candidate of the place just before."""
    outer = before.candidates
    return tuple(code for code in codes if any(each in table.lines[code] for each in outer))


def _narrow(table: Divisions, found: list[Place], inner: Place) -> None:
    """Earlier places of the chain keep the candidates that hold the inner one: 吉林吉林市."""
    lines = {each for code in inner.candidates for each in table.lines[code]}
    for index in range(len(found) - 1, -1, -1):
        place = found[index]
        if place.chain != inner.chain:
            return
        kept = tuple(code for code in place.candidates if code in lines)
        if kept and kept != place.candidates:
            found[index] = place._replace(candidates=kept)


def _inside_word(text: str, start: int) -> bool:
    """Whether the character on the left may bind to the name: 示范县 holds no 范县."""
    if start == 0:
        return False
    left = text[start - 1]
    return "\u4e00" <= left <= "\u9fff" and left not in BEFORE_SHORT


def _crossed(text: str, start: int, end: int, name: str, before: Place | None) -> bool:
    """Whether words run across both edges of a name of two characters: 隆重|庆祝, 均衡|水平."""
    sides = _crossings().get(name)
    if sides is None or text[start - 1] not in sides[0] or text[end : end + 1] not in sides[1]:
        return False
    return before is None or before.end != start


def _breaks(left: str, name: str) -> bool:
    """Whether the left character takes the name's first one: 完成|都, 黄河|南岸."""
    if name in _BREAKS:
        return left in _BREAKS[name]
    return len(name) == 2 and name[0] in _WATERS and name[1] in "东西南北" and left in _BEFORE_WATERS


@lru_cache(maxsize=1)
def _abroad() -> frozenset[str]:
    """Countries, cities abroad and words of the diaspora: what stands before a guild of a home region."""
    return frozenset((FOLDER / "abroad.tsv").read_text(encoding="utf-8").split()[1:])


@lru_cache(maxsize=1)
def _abroad_ends() -> frozenset[str]:
    """The characters with which the words of `_abroad` end."""
    return frozenset(word[-1] for word in _abroad())


def _part_of_name(text: str, start: int, end: int, before: Place | None, linked: bool) -> bool:
    """Whether it is part of another name: a school, paper, street, bank, river, mountain, or a guild abroad."""
    following = text[end : end + 8]
    if (following[:1] in _NAME_FIRST or following[1:2] in _NAME_SECOND) and _NAME_AFTER.match(text, end):
        return True
    if following[:1] in _FEATURES and text[end - 1] not in _RANKS and _FEATURE_AFTER.match(text, end):
        return True
    if "报" in following and _PAPER_AFTER.match(following):
        return True
    if (end - start == 2 or text[end - 1] not in _RANKS) and _is_site_or_firm(following):
        return True
    adjacent = before is not None and before.end == start
    if not (adjacent and not linked) and not (
        start and _abroad_before(text, before.chain if adjacent and before else start)
    ):
        return False
    return not _GUILD_LAST.isdisjoint(following) and _GUILD_AFTER.match(following) is not None


def _abroad_before(text: str, start: int) -> bool:
    """Whether a country, a city abroad or a word of the diaspora stands on the left: 阿根廷|福州."""
    if text[start - 1] not in _abroad_ends():
        return False
    words = _abroad()
    return any(text[max(0, start - size) : start] in words for size in range(2, 9))


def _is_site_or_firm(following: str) -> bool:
    """Whether the words behind a bare name make it a station, school, village, firm or bank: 贵州|茅台集团."""
    if following[:1] in _SITE_FIRST and _SITE_AFTER.match(following):
        return True
    if "司" in following or "集团" in following or "行" in following or "股" in following:
        return _FIRM_AFTER.match(following) is not None
    return False
