"""Reads the table of divisions (GB/T 2260), finds their names in text and settles which division a name means."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from .errors import DataError

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

Level = Literal["nation", "province", "prefecture", "county"]
NATION = "100000"
_FOLDER = Path(__file__).parent / "divisions"
_RANK = {"nation": 0, "province": 1, "prefecture": 2, "county": 3}
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


@dataclass(frozen=True, slots=True)
class Region:
    """A division under one name; `began` and `ended` are years, None where unknown or still open."""

    adcode: str
    name: str
    full_name: str
    level: Level
    parent: str | None
    began: int | None
    ended: int | None

    def held(self, year: int | None) -> bool:
        """Whether the division existed in the year; None asks for today."""
        if year is None:
            return self.ended is None
        return (self.began or 0) <= year <= (self.ended or 9999)


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


class _Name(NamedTuple):
    """One name: the rows that bear it, their codes, and what must stand on its left."""

    rows: tuple[Region, ...]
    codes: tuple[str, ...]
    left: Literal["free", "bounded", "chained"]


class Divisions:
    """The table, its tree and its names. Take the one that `divisions()` gives."""

    def __init__(self, rows: Iterable[Region], common: frozenset[str], others: Iterable[tuple[str, str]] = ()) -> None:
        """`others` are further names as (adcode, name): customary short ones (前郭县) and development zones."""
        self.rows = tuple(rows)
        self._latest: dict[str, Region] = {}
        self._children: dict[str, list[str]] = {}
        for row in self.rows:
            self._keep(row)
        for code, row in self._latest.items():
            if row.parent and row.ended is None:
                self._children.setdefault(row.parent, []).append(code)
        self.lines = {code: self._line(code) for code in self._latest}
        others = tuple(others)
        self.names = _names(self.rows, common, others)
        self.others = frozenset(name for _, name in others)
        self.chained = frozenset(
            name for name, entry in self.names.items() if entry.left == "chained" and name[-1] not in "区县"
        )
        self.beginnings = frozenset(name[:2] for name, entry in self.names.items() if entry.left == "free")

    def _keep(self, row: Region) -> None:
        """Of the rows of one code the one that lasts longest is the latest."""
        known = self._latest.get(row.adcode)
        if known is None or (row.ended or 9999) > (known.ended or 9999):
            self._latest[row.adcode] = row

    def _line(self, code: str) -> tuple[str, ...]:
        """The parents of a code, nearest first, the nation last."""
        line: list[str] = []
        at = self._latest[code].parent
        while at and at in self._latest and at not in line:
            line.append(at)
            at = self._latest[at].parent
        return tuple(line)

    def by_adcode(self, code: str) -> Region | None:
        """The latest division of the code, None for an unknown code."""
        return self._latest.get(code)

    def children(self, code: str) -> list[str]:
        """The adcodes directly below that exist today."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[str]:
        """Parents, nearest first, up to 100000; empty for the nation or an unknown code.

        >>> divisions().ancestors("330106")
        ['330100', '330000', '100000']
        """
        return list(self.lines.get(code, ()))

    def province_of(self, code: str) -> str | None:
        """The provincial division that holds the code or is it."""
        return self._at_level(code, "province")

    def prefecture_of(self, code: str) -> str | None:
        """The prefecture that holds the code or is it; None directly under a province."""
        return self._at_level(code, "prefecture")

    def _at_level(self, code: str, level: Level) -> str | None:
        for each in (code, *self.lines.get(code, ())):
            row = self._latest.get(each)
            if row and row.level == level:
                return each
        return None

    def within(self, code: str, outer: str) -> bool:
        """Whether `code` lies inside `outer`, not being it."""
        return outer in self.lines.get(code, ())


def _names(rows: Sequence[Region], common: frozenset[str], others: Iterable[tuple[str, str]]) -> dict[str, _Name]:
    """Every name that a text may use, with its rows; the nation is left to the callers' own words."""
    bearers: dict[str, list[Region]] = {}
    for row in rows:
        if row.level != "nation":
            for form in _forms(row):
                bearers.setdefault(form, []).append(row)
    by_code: dict[str, list[Region]] = {}
    for row in rows:
        by_code.setdefault(row.adcode, []).append(row)
    for code, form in others:
        bearers.setdefault(form, []).extend(by_code[code])
    names: dict[str, _Name] = {}
    for form, held in bearers.items():
        codes = dict.fromkeys(row.adcode for row in sorted(held, key=_today_and_high))
        names[form] = _Name(tuple(held), tuple(codes), _left_of(form, held, common))
    return names


def _today_and_high(row: Region) -> tuple[bool, int, str]:
    """The order of candidates: those of today first, then by level and code."""
    return row.ended is not None, _RANK[row.level], row.adcode


def _forms(row: Region) -> set[str]:
    """Full name, short name, and the short name with its rank for the long ones: 景宁县, 延边州, 鄂温克旗."""
    forms = {row.full_name, row.name}
    if len(row.full_name) > len(row.name) + 1 and row.full_name[-1] in "县州旗区" and row.level != "province":
        forms.add(row.name + row.full_name[-1])
    return {form for form in forms if len(form) > 1}


def _left_of(form: str, rows: list[Region], common: frozenset[str]) -> Literal["free", "bounded", "chained"]:
    """What must stand left of a name: nothing special, the edge of a word, or its own parent."""
    short = any(row.name == form for row in rows)
    top = min(_RANK[row.level] for row in rows)
    if form in common and (short or form[-1] == "区"):
        return "chained"
    if top > 1 and not any(form in (row.full_name, row.name) for row in rows) and len(form) == 2:
        return "bounded"
    if top == _RANK["county"] and (len(form) == 2 or form[:-1] in common):
        return "bounded"
    return "free"


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The shipped table, read once; raises `DataError` naming file and line when it is broken."""
    common = (_FOLDER / "common_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = _read_rows(_FOLDER / "divisions.tsv")
    return Divisions(rows, frozenset(line.partition("\t")[0] for line in common), _other_names())


def _other_names() -> list[tuple[str, str]]:
    """(adcode, name) of the customary short names and of the development zones."""
    aliases = (_FOLDER / "aliases.tsv").read_text(encoding="utf-8").splitlines()[1:]
    zones = (_FOLDER / "zones.tsv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(code, name) for code, _, name in (line.partition("\t") for line in aliases)]
    return pairs + [(code, name) for name, _, code in (line.partition("\t") for line in zones)]


@lru_cache(maxsize=1)
def _crossings() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By name what makes a word with its first character on the left, and with its last one on the right."""
    sides: dict[str, dict[str, frozenset[str]]] = {"left": {}, "right": {}}
    for line in (_FOLDER / "crossing_words.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        letter, side, others = line.split("\t")
        sides[side][letter] = frozenset(others)
    left, right = sides["left"], sides["right"]
    names = [name for name in divisions().names if len(name) == 2 and name[0] in left and name[1] in right]
    return {name: (left[name[0]], right[name[1]]) for name in names}


def _read_rows(path: Path) -> list[Region]:
    """The rows of the table, in its order."""
    rows: list[Region] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 7 or cells[3] not in _RANK:
            raise DataError(f"{path}:{number}: want 7 cells with a known level; make the table again")
        code, name, full, level, parent, began, ended = cells
        years = (int(began) if began else None, int(ended) if ended else None)
        rows.append(Region(code, name, full, level, parent or None, *years))  # type: ignore[arg-type]
    return rows


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, list[str]]:
    """The searcher over all names, longest first from the left, and the names by pattern number."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    names = [*divisions().names, *_other_words()]
    return AhoCorasick(names, matchkind=MatchKind.LeftmostLongest), names


def _other_words() -> list[str]:
    """Words that hold a division's name and mean something else: 大同小异, 大理石, 黄河, 加拿大."""
    lines = (_FOLDER / "other_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = divisions().names
    begun = {name[:size] for name in known for size in range(1, len(name) + 1)}
    words = [line.partition("\t")[0] for line in lines] + sorted(word for word in _abroad() if len(word) > 2)
    return [word for word in dict.fromkeys(words) if word not in known and _meets(word, begun, known)]


def _meets(word: str, begun: Set[str], known: Container[str]) -> bool:
    """Whether a word holds a name or a name may begin at its end: 吉隆坡, 加拿大|连."""
    size = len(word)
    inside = any(word[left:right] in known for left in range(size) for right in range(left + 2, size + 1))
    return inside or any(word[left:] in begun for left in range(size))


def places(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    """The names of divisions in `text[start:end]`, offsets in the whole text, neighbours narrowed to one chain.

    >>> [(p.text, p.candidates) for p in places("杭州西湖区与嘉兴结对")]
    [('杭州', ('330100',)), ('西湖区', ('330106',)), ('嘉兴', ('330400',))]
    """
    if start == 0 and (end is None or end >= len(text)):
        return list(_places(text))
    return [
        Place(found.start + start, found.end + start, found.text, found.candidates, found.kind, found.chain + start)
        for found in _places(text[start:end])
    ]


@lru_cache(maxsize=32)
def _places(text: str) -> tuple[Place, ...]:
    """The places of a text; the last few texts are kept, since heading, lead and sentences are asked for again."""
    if "區" in text or "縣" in text or "僑" in text or "國" in text:
        return _written(text)
    found = _named(text)
    if "镇" in text or ("街" in text and "街道" in text):
        from .localities import add_localities

        add_localities(text, found)
    return tuple(found)


def _written(text: str) -> tuple[Place, ...]:
    """The places of a text in traditional script, as it writes them: 順德區."""
    from .script import fold

    return tuple(place._replace(text=text[place.start : place.end]) for place in _named(fold(text)))


def _named(text: str) -> list[Place]:
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
    table: Divisions, entry: _Name, text: str, start: int, end: int, linked: tuple[str, ...], before: Place | None
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
    return frozenset((_FOLDER / "abroad.tsv").read_text(encoding="utf-8").split()[1:])


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


def tails(found: Sequence[Place]) -> list[Place]:
    """The last place of each chain: what a chain names."""
    last = {place.chain: place for place in found}
    return list(last.values())


def candidates_in(place: Place, year: int | None) -> tuple[str, ...]:
    """The candidates that bore the name in the year; without a year those of today, else all that ever did.

    An old name told as history means those that bore it last, a name used too early those that bore it first.
    """
    if len(place.candidates) == 1 and year is None:
        return place.candidates
    return _held(place.text, place.candidates, year)


@lru_cache(maxsize=4096)
def _held(name: str, candidates: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """`candidates_in` for a name; the same few names return in every article."""
    table = divisions()
    entry = table.names.get(name) or table.names.get(_plain(name))
    if entry is None or name in table.others:
        return _holding(candidates, year)
    rows = [row for row in entry.rows if row.adcode in candidates]
    if year is None:
        held = {row.adcode for row in rows if row.ended is None}
        return tuple(code for code in candidates if code in held) or candidates
    held = {row.adcode for row in rows if row.held(year)}
    held = held or _nearest([row for row in rows if _in_full(row, name)], year)
    return tuple(code for code in candidates if code in held)


def _in_full(row: Region, name: str) -> bool:
    """Whether the name bears the rank: 江干区, 景宁县."""
    return name == row.full_name or (name[-1] == row.full_name[-1] and len(name) > len(row.name))


def _plain(name: str) -> str:
    """A name in traditional script as the table writes it."""
    from .script import fold

    return fold(name)


def _holding(candidates: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """What held in the year what the candidates hold today: 临平街道 lay in 余杭区 in 2018."""
    if year is None:
        return candidates
    from .successions import in_year

    held = (in_year(code, _latest_change(), year).code for code in candidates)
    return tuple(dict.fromkeys(code for code in held if code))


@lru_cache(maxsize=1)
def _latest_change() -> int:
    """The last year in which the table knows a change."""
    return max(max(row.began or 0, row.ended or 0) for row in divisions().rows)


def _nearest(rows: Sequence[Region], year: int) -> set[str]:
    """Of rows that none held in the year the last that ended before it, else the first that began after it.

    Only of those written in full: 江干区 in 2023 is history, 湘江 and 杏林 are not the districts that bore these names.
    """
    ended = max((row.ended for row in rows if row.ended is not None and row.ended < year), default=None)
    if ended is not None:
        return {row.adcode for row in rows if row.ended == ended}
    began = min((row.began or 0 for row in rows), default=None)
    return {row.adcode for row in rows if (row.began or 0) == began}


def resolve(
    found: Sequence[Place], year: int | None = None, hint: str | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """Which division the first place means, by the other places, the hint (an adcode) and the year.

    Never by the order of the table; a bare name that a division and others below its level share is the highest,
    one that a county or city and districts elsewhere share is the county.
    Gives the adcode, or None with the candidates that are left.

    >>> resolve(places("西湖区侨联"))
    (None, ('330106', '360103'))
    >>> resolve(places("西湖区侨联走访侨企，杭州市侨联参加"))
    ('330106', ('330106', '360103'))
    """
    if not found:
        return None, ()
    codes = candidates_in(found[0], year)
    if len(codes) < 2:
        return (codes[0] if codes else None), codes
    named = _settled(found[1:], found[0], year)
    for support in (named, _hinted(hint)):
        best = _best_supported(codes, support)
        if best:
            return best, codes
    return _highest(codes) or _no_district(found[0].text, codes), codes


def _settled(others: Sequence[Place], place: Place, year: int | None) -> set[str]:
    """The divisions that other places name beyond doubt, with all that hold them."""
    lines = divisions().lines
    named: set[str] = set()
    for other in others:
        codes = candidates_in(other, year) if other.kind == "division" and other.text != place.text else ()
        if len(codes) > 1 and (top := _highest(codes)):
            codes = (top,)
        if len(codes) == 1:
            named.update((codes[0], *lines[codes[0]]))
    return named


def _hinted(hint: str | None) -> set[str]:
    """The hint and all that hold it."""
    return {hint, *divisions().lines.get(hint, ())} if hint else set()


def _best_supported(codes: tuple[str, ...], support: set[str]) -> str | None:
    """The one code that is named or whose nearest named parent is nearer than that of all others; None when level."""
    lines = divisions().lines
    depths = []
    for code in codes:
        line = (code, *lines[code])
        depths.append((max((len(lines[each]) for each in line if each in support and each != NATION), default=0), code))
    depths.sort(reverse=True)
    best, code = depths[0]
    return code if best and best > depths[1][0] else None


def _no_district(name: str, codes: tuple[str, ...]) -> str | None:
    """Of the bearers of a bare name the one that is no district: 开平 is the city, the district of 唐山 is told with its rank."""
    rows = [row for code in codes if (row := divisions().by_adcode(code)) and row.ended is None]
    others = [row.adcode for row in rows if row.name == name and row.full_name[-1] != "区"]
    return others[0] if len(others) == 1 and len(rows) == len(codes) and all(row.name == name for row in rows) else None


def _highest(codes: tuple[str, ...]) -> str | None:
    """The only code of the highest level, above counties: bare 吉林 is the province, bare 阜新 the city."""
    lines = divisions().lines
    ranked = sorted(codes, key=lambda code: len(lines[code]))
    top, following = divisions().by_adcode(ranked[0]), divisions().by_adcode(ranked[1])
    if top is None or following is None or top.level == "county" or top.level == following.level:
        return None
    return top.adcode
