"""Words of time in, periods out: 截至2022年底, 近三年来, 今年一季度; and how far each one carries."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from ..corpus.records import Period
from . import dates
from .calendars import Calendar, Reader

Reach = Literal["paragraph", "sentence", "clause"]


class TimeWords(NamedTuple):
    """A period with its place, how far it carries, and the rule that read it."""

    start: int
    end: int
    period: Period
    reach: Reach
    rule: str


_N = r"(?:[0-9０-９]{1,3}|[一二两三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2}|二[〇○零][〇○零一二三四五六七八九]{2}|一九[〇○零一二三四五六七八九]{2}|今|去|前|当|本|明)(?:年度?|(?=[上下]半年))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"
_TENTH = r"(?P<tenth>[上中下]旬)"
_DAY_NUMBER = r"(?P<day>[12][0-9]|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY = rf"{_DAY_NUMBER}[日号]"
_HALF = r"(?P<half>上半年|下半年)"
_QUARTER = r"(?P<quarter>(?:第?[一二三四1-4]季度|前[一二三]季度))"
_SPAN = r"(?P<first>1[0-2]|[1-9])(?:月份?)?(?:—|-|－|至|到|~|～|–)(?P<last>1[0-2]|[1-9])月(?:份)?"
_FRONT = r"前(?P<front>1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})个?月"
_PART = rf"(?:{_HALF}|{_QUARTER}|{_SPAN}|{_FRONT}|{_MONTH}(?:{_DAY}|{_TENTH})?)"
_EDGE = r"(?P<edge>年底|年末|年初|月底|月末|底|末|初)"


# Feasts, seasons and the year's round: what is told by them has no date of its own.
_FEAST = (
    r"[“]?(?:春节|元旦|元宵|清明|端午|中秋|国庆|重阳|五一|六一|七一|八一|十一|三八|双节|两节|[一-龥]{1,3}节|小年|除夕|腊八|冬至|立[春夏秋冬]|入[春夏秋冬汛伏]"
    r"|开学|开春|高考|中考|秋收|春耕|年关|岁末|农闲)[”]?"
)
_EVENT_BEHIND = r"(?!度?[“‘「《第])"
# 2025年计划的完成率 names a plan; 2025年计划新建5个 tells what is planned for the year.
_PLAN_NOUN = r"计划(?=[的书外内数和与及总（(，。；、]|任务|目标|指标|执行|草案|完成|安排|$)"
# 青年内训, 少年内务, 三年内 hold no 年内; 年内部署 does.
_WITHIN_YEAR = (
    r"(?<![青少老中成童壮幼学财多几半每百千万近周整常往一二三四五六七八九十〇零\d两])"
    r"年内(?!地|训|务|蒙|容|涵|陆|河|控|外|心|科|需|生|资|审|设|卷|阁|部(?!署))"
)
_TO = r"(?:至|到|[-—–－─~～]{1,2})"
_HOUR = r"(?:[（(](?:星期|周)[一二三四五六日天][）)])?(?:凌晨|清晨|早上|上午|中午|下午|晚上?)?"
_NEXT = r"(?P<next>[次翌来]年|第二年)"
_POINT = rf"(?:{_MONTH}(?:{_DAY}|{_TENTH})?|{_HALF}|{_QUARTER})?(?P<edge>年?[初底末](?![步次衷心级始蕴线数气梢期]))?"


def _last(pattern: str) -> str:
    """A pattern of the second of two points: its groups are named last_…."""
    return pattern.replace("(?P<", "(?P<last_")


_DAYS = (
    rf"(?:自|从)?(?:(?:{_YEAR})?{_MONTH}|(?<![月\d])(?=\d{{1,2}}日)){_DAY_NUMBER}(?:[日号]|(?=[至到—–－─~～、-])){_HOUR}起?"
    rf"(?:{_TO}(?:{_last(_YEAR)}|{_last(_NEXT)})?(?:{_last(_MONTH)})?|[、和](?:\d{{1,2}}[日号][、和]){{0,9}})"
    rf"{_last(_DAY)}(?!内){_HOUR}止?"
)
_MONTHS = rf"(?:自|从)?(?:{_YEAR})?{_POINT}起?{_TO}(?:{_last(_YEAR)}|{_last(_NEXT)})?{_last(_POINT)}止?"

# rule, pattern, reader, reach, example; the first pattern that matches at a place wins
RULES: tuple[tuple[str, str, Reader, Reach, str], ...] = (
    ("period.days", _DAYS, dates.stretch, "sentence", "10月8日至10日"),
    ("period.months", _MONTHS, dates.stretch, "paragraph", "3月初至5月底"),
    ("period.until-day", rf"截[至止](?:到)?{_DAY}(?:\d{{1,2}}[时点])?", dates.day_of, "paragraph", "截至22日8时"),
    ("period.until-now", r"(?:截至|截止|到|至)(?:目前|今(?![年天日晚春夏秋冬后])|发稿|现在|当前)(?:为止)?", dates.until_now, "paragraph", "截至目前"),
    ("period.until-hour", r"截[至止](?:上午|下午|晚间|当天|当日|收盘|发稿)[^，。；\d]{0,4}", dates.until_now, "paragraph", "截至下午收盘"),
    ("period.until", rf"(?:截至|截止到?)(?:{_YEAR})?(?:{_PART})?(?:{_EDGE})?(?<!截至)(?<!截止)(?<!截止到)", dates.until, "paragraph", "截至2022年底"),
    ("period.deadline", rf"(?>(?:到|至|力争到|持续到){_YEAR}(?:{_PART})?(?:{_EDGE})?)(?!的[^，。；、\d]{{0,6}}\d)", dates.until, "paragraph", "到2025年底"),
    ("period.until-month", rf"(?<![月\d])[到至](?:今年)?{_MONTH}(?:底|末|份)", dates.until, "paragraph", "到8月底"),
    ("period.since-new-year", r"(?:今年)?(?:年初|元旦|开年)(?:以来|至今|到现在|到目前)", dates.since_new_year, "paragraph", "年初至今"),
    ("period.last-month", r"(?:[到至](?=上个?月底))?上个?月(?P<edge>底)?(?![旬份])", dates.last_month, "paragraph", "上个月"),
    ("period.season", r"(?:(?P<year>(?:19|20)\d\d|今|去|前)年|(?P<now>今))(?:的)?(?P<season>[春夏秋冬])(?:天|季|上|日)?(?![节运耕播收种茶蚕之行])", dates.season, "paragraph", "今年春天"),
    ("period.year-end", rf"{_YEAR}(?:{_EDGE})(?=，|,|[一-龥])(?!以来|至今)", dates.until, "paragraph", "2022年底"),
    ("period.month-since", rf"(?:自|从)?{_MONTH}(?:{_DAY})?(?P<edge>[初底末])?(?:(?:[一-龥]{2,4})?以来|起?至今|[至到](?:现在|目前)|起(?![草步到点源]))", dates.month_since, "paragraph", "7月以来"),
    ("period.month-opened", rf"(?:自|从){_MONTH}(?:{_DAY})?(?:启动|上线|开通|开业|开馆|实施)(?=[，,])", dates.month_since, "paragraph", "自3月启动"),
    ("period.part-end", rf"(?<!第)(?:{_YEAR}的?)?(?:{_HALF}|{_QUARTER})末", dates.until, "paragraph", "三季度末"),
    ("period.month-end", rf"(?:{_YEAR})?{_MONTH}(?:底|末)", dates.until, "paragraph", "6月末"),
    ("period.plan-since", r"[“‘]?(?P<plan>十[一二三四五]?五|九五)[”’]?(?:规划|时期|开局)?以来", dates.plan_since, "paragraph", "“十四五”以来"),
    ("period.plan-end", r"(?:(?:截[至止]|[到至])[“‘]?|[“‘])(?P<plan>十[一二三四五]?五|九五)[”’]?(?:规划|时)?(?:期)?末期?", dates.plan_end, "paragraph", "到“十四五”末"),
    ("period.plan", r"[“‘](?P<plan>十[一二三四五]?五|九五)[”’](?:规划)?(?:期间|时期|规划期|五年)", dates.plan, "paragraph", "“十四五”期间"),
    ("period.since", rf"(?:自|从)?{_YEAR}(?:{_PART})?(?:初|开始|[一-龥]{{2,24}})?(?:以来|至今)", dates.since, "paragraph", "2020年以来"),
    ("period.since-start", rf"(?:自|从){_YEAR}(?:{_PART})?(?:起|开始|启动|[一-龥]{{2,14}}以来)", dates.since, "paragraph", "自2016年下半年起"),
    ("period.from", rf"{_YEAR}(?:{_PART})?起(?![草步到点源])", dates.since, "paragraph", "2021年3月起"),
    ("period.years-span", r"(?P<a>(?:19|20)\d\d)年?(?:—|-|－|至|到|~|～|–)(?P<b>(?:19|20)\d\d)年", dates.last_years, "paragraph", "2018—2022年"),
    ("period.five-years", r"(?:过去|这|近)五年(?:来|间)?|(?:五|5)年来|的五年(?=。)", dates.five_years, "paragraph", "这五年"),
    ("period.one-year", rf"(?<![安健])全年(?!龄)|本年度|一年来|(?:刚刚)?(?:过去|这)的?一年|{_WITHIN_YEAR}", dates.whole_year, "paragraph", "全年"),
    ("period.years-back", rf"(?:近|过去|最近|前|这)(?P<n>{_N})年(?:多)?(?:来|间|里|时间)?", dates.back, "paragraph", "近三年来"),
    ("period.years-come", rf"(?P<n>{_N})(?:多|余)?年(?:多)?来", dates.back, "paragraph", "三年来"),
    ("period.state", rf"(?:已)?连续(?P<n>{_N})年(?=位居|位列|居|保持|实现|增长|获|荣获|蝉联|稳居|名列|排名|被评)", dates.unknown, "clause", "连续五年位居"),
    ("period.in-a-row", rf"(?:连续|坚持|持续|已连续)(?:了)?(?P<n>{_N})(?:多|余)?年(?!级)", dates.back, "clause", "连续12年"),
    ("period.founded", rf"成立(?:以来)?(?P<n>{_N})(?:周)?年(?:来|间)?", dates.back, "sentence", "成立六年"),
    ("period.years-ahead", rf"(?:未来|今后)(?:的)?(?P<n>{_N})年", dates.years_ahead, "sentence", "未来五年"),
    ("period.half-year", r"半年(?:多)?来", dates.half_year_back, "paragraph", "半年来"),
    ("period.years-between", rf"(?P<n>{_N})(?:多|余)?年(?:间|里|中)", dates.back, "clause", "十年间"),
    ("period.months-near", rf"近(?P<n>{_N})个?月(?:以?来)?", dates.months_back, "paragraph", "近三月"),
    ("period.months-back", rf"(?P<n>{_N})(?:多|余)?个(?:多)?月(?:以)?来", dates.months_back, "paragraph", "11个月以来"),
    ("period.whole-year", rf"{_YEAR}全年", dates.all_of, "paragraph", "2022年全年"),
    ("period.tenth", rf"(?<![\d年]){_MONTH}{_TENTH}", dates.month_of, "paragraph", "7月中旬"),
    ("period.one-day", rf"(?:{_YEAR})?{_MONTH}{_DAY}(?![一-龥]{{0,3}}[至—-])", dates.month_of, "sentence", "3月11日"),
    ("period.month", rf"(?<![\d年])(?:仅)?{_MONTH}(?:份)?(?![\d底末初一-龥]?[日号至—-])", dates.month_of, "paragraph", "11月份"),
    ("period.day", rf"(?<![月\d]){_DAY}(?:\d{{1,2}}[时点])?(?:晚|上午|下午|凌晨|傍晚|中午)", dates.day_of, "sentence", "28日晚"),
    ("period.part-of-year", rf"{_YEAR}(?:的)?{_PART}", dates.all_of, "paragraph", "今年上半年"),
    ("period.year", rf"(?<!启动)(?<!举办)(?<!召开)(?<!举行)(?<!部署){_YEAR}(?!前|后|同期|同比|度?(?:工作|{_PLAN_NOUN}))(?:(?<=[今去前当本明]年)|(?<=年度)|{_EVENT_BEHIND})", dates.all_of, "paragraph", "2019年"),
    ("period.of-this-year", rf"(?<![第年])(?:{_HALF}|(?P<quarter>第?[一二三四]季度|前[一二三]季度)|{_SPAN}|{_FRONT})", dates.of_this_year, "paragraph", "一季度"),
    ("period.day-word", r"(?:今天|今日|昨天|昨日|昨晚|今晚|前天|(?<![节日])当天|(?<![节日])当日|(?<![节日])当晚|次日|翌日)(?:[（(]\d{1,2}月\d{1,2}日[）)])?(?:上午|下午|晚)?", dates.relative_day, "sentence", "昨天"),
    ("period.to-now", r"近年来|近些年来?|多年来|历年来?|长期以来|一直以来|目前|如今|现在|当前|迄今|至今", dates.until_now, "sentence", "近年来"),
    ("period.since-event", r"(?:自|从)?(?<![一-龥])?(?:自[^，。；、“”,;]{1,20}|[^，。；、“”\d\s,;:：]{2,14})以来", dates.until_now, "sentence", "自成立以来"),
    ("period.to-year-end", r"(?<!持续)(?<!延续)[到至]年(?:底|末)(?!之?前)", dates.to_year_end, "paragraph", "到年底"),
    ("period.by-year-end", r"(?:今年)?年(?:底|末)之?前", dates.by_year_end, "sentence", "年底前"),
    ("period.feast", r"[“”·一-龥\d]{2,10}[节日]当[天日]", dates.unknown, "sentence", "三八节当天"),
    ("period.around-feast", rf"{_FEAST}(?:期间|前夕|前后|[当]?[天晚夜]|之?前(?![一二三四五六七八九十\d来往所列])|过?后(?!勤))", dates.unknown, "sentence", "春节前后"),
    ("period.some-days", r"近日|日前|近期|不久前|连日来|近段时间以来|年初|春节期间|节日期间|[一-龥]{2}节期间|两节期间|[一-龥]{2}期间|疫情初期|疫情期间|[一-龥]{2,6}之际", dates.unknown, "sentence", "近日"),
)  # fmt: skip


def _opening(first: str, pattern: str, behind: str = "") -> re.Pattern[str]:
    """A pattern to be found where one of its first characters stands; the match holds that character, group 1 the whole.

    `re` looks for a class of characters much faster than for alternatives, so the class comes first, then what may stand
    `behind` it, and a look back over it tries them.
    """
    return re.compile(rf"[{first}]{behind}(?<=(?=({pattern})).)", re.DOTALL)


Compiled = tuple[str, re.Pattern[str], Reader, Reach]


@cache
def _scanner() -> tuple[re.Pattern[str], tuple[Compiled, ...]]:
    """One pattern of the characters that can begin a rule, and each rule compiled alone."""
    compiled: tuple[Compiled, ...] = tuple(
        (rule, re.compile(pattern), reader, reach) for rule, pattern, reader, reach, _ in RULES
    )
    return _opening(_FIRST, _HINT, rf"(?:(?<=昨)|(?=[{_SECOND}]))"), compiled


_FIRST = "次翌元开上七八五六三截到至成未半仅刚力持“‘十九自从二0-9一两四今去前当明近过最这连坚已下第全的年昨多历长目如现迄日不"
_SECOND = r"\d一二两三四五六七八九十立来后年刚日月份—\-－至到~～–多余个止今去明目发现当上争续“‘前成改建设开启〇○零些期段近持连半季内天晚直在旦春夏秋冬久初底末"
_HINT = (
    r"成立|未来|今后|半年|仅(?=\d)|刚刚过去|\d{1,2}(?=日(?:[至到—–－─~～、和\-]|\d|晚|上午|下午|凌晨|傍晚|中午))|(?:19|20)\d\d|\d{1,2}(?=月?份?[—\-－至到~～–]\d{1,2}月)|[0-9一二两三四五六七八九十]{1,3}(?=多?余?年(?:多)?[来间里中]|个多?月以?来|月)|"
    r"[今去前当本明]年|截至|截止|[到至](?=[今去明目发现当年]|20|19|[“‘]?(?:十[一二三四五]?五|九五)[”’规时期末])|力争到|持续到|[“‘]?(?:十[一二三四五]?五|九五)[”’规以期时]|"
    r"[自从](?=[今去前当0-9一二三四五六七八九十成改建设开启])|二[〇○零]|近(?=[一二两三四五六七八九十\d年些日期段])|过去|最近|这(?=[一二三四五六七八九十\d])|"
    r"前(?=[\d一二三四五六七八九])|连续|坚持(?=[一二两三四五六七八九十\d了])|持续(?=[一二两三四五六七八九十\d])|已连续|上半年|下半年|第?[一二三四1-4]季度|"
    r"全年|的五年|年内|今天|今日|昨|今晚|前天|当天|当日|多年来|历年|长期以来|一直以来|目前|如今|现在|当前|迄今|至今|次日|翌日|当晚|元旦|开年|上个?月|今(?=[春夏秋冬])|[到至](?=\d{1,2}月|[一二三四五六七八九十]{1,2}月|上个?月)|日前|不久前|连日来|年初|年底|年末"
)
# Words that end their stretch: the rule is tried where that stretch may begin.
_ENDING = _opening(
    "以期之初节日”前当天晚夜过后",
    r"以来|期间|之际|初期|[节日]当[天日]|(?<=[节旦明午秋庆阳一八十三]|[年夕至春夏冬汛伏学考收耕关末闲])[”]?(?:前夕|前后|当?[天晚夜]|之?前|过?后)",
)
_ENDED = re.compile(
    r"[^，。；、“”\d\s（）()：:]{2,14}以来|[一-龥]{2}期间|疫情初期|[一-龥]{2,6}之际|[“”·一-龥\d]{2,10}[节日]当[天日]"
    rf"|{_FEAST}(?:前夕|前后|当?[天晚夜]|之?前|过?后)"
)


def _ended(text: str, start: int, end: int) -> Iterator[int]:
    """Where time words may begin left of 以来, 期间, 之际."""
    last = start
    for match in _ENDING.finditer(text, start, end):
        first, behind = match.span(1)
        if first >= last:
            last = behind
            place = _left_of(text, start, first, behind)
            if place is not None:
                yield place


def _left_of(text: str, start: int, ending: int, end: int) -> int | None:
    for place in range(max(start, ending - 14), ending - 1):
        match = _ENDED.match(text, place, end)
        if match is not None and match.end() == end:
            return place
    return None


def time_words(text: str, start: int, end: int, calendar: Calendar) -> Iterator[TimeWords]:
    """Periods named in `text[start:end]`, in order, none inside another.

    >>> from datetime import date
    >>> text = "截至2022年底，累计结对765个"
    >>> next(time_words(text, 0, len(text), Calendar(date(2023, 8, 28)))).period.end
    datetime.date(2022, 12, 31)
    """
    search, ended = _scanner()[0].search, deque(_ended(text, start, end))
    position, hinted = start, start - 1
    while True:
        if hinted < position:
            hint = search(text, position, end)
            hinted = hint.start() if hint else end
        place = hinted
        if ended and ended[0] < hinted:
            place = ended.popleft()
        if place >= end:
            return
        if place < position:
            continue
        found, last = _read(text, place, end, calendar)
        if found is not None:
            yield found
        position = max(place + (place == hinted), last)


_COMPARED = re.compile(r"[比较]|[与同和于](?=[今去前上])")
_NEWSMEN = re.compile(r"(?:[（(]\d{1,2}月\d{1,2}日[）)])?(?:从|在)?[^，。；]{0,20}(?:获悉|了解到|发布消息|消息称)")


def _is_compared(text: str, match: re.Match[str]) -> bool:
    """比去年同期, 较2021年, 近10年来的最低点: a time to compare with, not the one told of."""
    if _TIMES.match(text, match.end()):
        return True
    return match.start() > 0 and _COMPARED.match(text, match.start() - 1) is not None


_TIMES = re.compile(r"(?:同期)?的?[0-9.]+倍|同期|水平|的?最[高低好快多少大小长]")


def _is_dateline(text: str, match: re.Match[str]) -> bool:
    """记者今天（6月18日）从民政部获悉: the day of the news, not of what it tells."""
    told = match.group()[0] in _DATELINE_FIRST
    return told and (text[match.start() - 2 : match.start()] == "记者" or _NEWSMEN.match(text, match.end()) is not None)


_DATELINE_FIRST = frozenset("今昨近日0123456789")


# First characters of the rules that cannot begin with any; the others are tried everywhere.
_YEAR_FIRST = "12二一今去前当本明"
_COUNT_FIRST = "0123456789０１２３４５６７８９一二两三四五六七八九十"
_FIRST_OF = {
    "period.days": "自从" + _YEAR_FIRST + _COUNT_FIRST, "period.months": "自从" + _YEAR_FIRST + _COUNT_FIRST, "period.to-year-end": "到至",
    "period.until-day": "截", "period.until-now": "截到至", "period.until-hour": "截", "period.until": "截", "period.deadline": "到至力持",
    "period.year-end": _YEAR_FIRST, "period.month-since": "自从" + _COUNT_FIRST, "period.month-end": _YEAR_FIRST + _COUNT_FIRST,
    "period.part-end": "上下第前" + _YEAR_FIRST + _COUNT_FIRST,
    "period.plan-since": "“‘十九", "period.plan-end": "截到至“‘", "period.plan": "“‘", "period.since": "自从" + _YEAR_FIRST, "period.since-start": "自从", "period.from": _YEAR_FIRST,
    "period.years-span": "12", "period.five-years": "过这近五5的", "period.one-year": "全本一过这刚年", "period.years-back": "近过最前这",
    "period.years-come": _COUNT_FIRST, "period.state": "已连", "period.in-a-row": "连坚持已", "period.founded": "成",
    "period.years-ahead": "未今", "period.half-year": "半", "period.years-between": _COUNT_FIRST, "period.months-near": "近", "period.months-back": _COUNT_FIRST,
    "period.whole-year": _YEAR_FIRST, "period.one-day": _YEAR_FIRST + _COUNT_FIRST, "period.month": "仅" + _COUNT_FIRST,
    "period.day": _COUNT_FIRST, "period.part-of-year": _YEAR_FIRST, "period.year": _YEAR_FIRST,
    "period.of-this-year": "上下第前" + _COUNT_FIRST, "period.day-word": "今昨前当次翌", "period.to-now": "近多历长一目如现当迄至",
    "period.until-month": "到至", "period.since-new-year": "今年元开", "period.last-month": "到至上", "period.season": "12今去前",
    "period.tenth": _COUNT_FIRST, "period.month-opened": "自从",
}  # fmt: skip


# Rules that read 今 only in 今年, 今上半年 and 今下半年: most of what begins with it is 今天.
_OF_YEAR = frozenset(
    {
        "period.days", "period.months", "period.year-end", "period.month-end", "period.since", "period.from",
        "period.whole-year", "period.one-day", "period.part-of-year", "period.year",
    }
)  # fmt: skip


@cache
def _beginning_with(characters: str) -> tuple[Compiled, ...]:
    """The rules that can begin with a character, in the order of the table; of 今天 those without a year."""
    first, others = characters[0], frozenset() if len(characters) == 1 else _OF_YEAR
    return tuple(row for row in _scanner()[1] if first in _FIRST_OF.get(row[0], first) and row[0] not in others)


def _read(text: str, place: int, end: int, calendar: Calendar) -> tuple[TimeWords | None, int]:
    """The time words at a place and where they end; None where they only compare or date the news."""
    is_day = text[place] == "今" and text[place + 1 : place + 2] not in ("年", "上", "下")
    for rule, pattern, reader, reach in _beginning_with("今天" if is_day else text[place]):
        match = pattern.match(text, place, end)
        if match is None or match.end() == match.start():
            continue
        span = reader(match, calendar)
        if span is None:
            continue
        if _is_compared(text, match) or (reach == "sentence" and _is_dateline(text, match)):
            return None, match.end()
        return TimeWords(match.start(), match.end(), Period(span[0], span[1], match.group()), reach, rule), match.end()
    return None, place
