"""Which stretches of an article's text are its body: page furniture and second copies are masked, never cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .recurrence import LONG, NONE, Furniture

Span = tuple[int, int]

DATE = r"(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?|[二一][〇○Ｏ零九]\w{2}年\w{1,2}月\w{1,3}日)"
_TIME = r"(?:星期[一二三四五六日天]|周[一二三四五六日]|[T\s]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?)"
_COLON = r"\s*[:：丨｜|]\s*"

# Words before a colon that say how a page was made; they are no body wherever they stand.
MAKER_LABELS = (
    r"(?:文章|信息|新闻|稿件|消息|内容)?来源(?:于|网站)?|稿源|原?标题|原题|"
    r"(?:发布|发表|发稿|更新|最后更新|修改|编辑|录入)(?:时间|日期)|"
    r"(?:责任|本期|值班|执行|网络|文字|新媒体)?编辑|责编|美编|编[审发排]|[初复终]审|审[核校定签]|校[对审]|排版|"
    r"(?:供|撰|投|组)稿(?:单位|部门|人)?|报送(?:单位|部门)?|信息(?:报送|提供|发布)(?:单位|部门)?|稿件提供|"
    r"发布(?:者|人|单位|机构)|图文|文[/、&]?图|图[/、&]文|摄影|监制|签发|"
    r"(?:浏览|点击|阅读|访问|评论|点赞)(?:次数|人数|量|数)?|字[号体]|索引号|发文字号|发文机构|主题分类"
)
# Words that are body inside an article (a notice names time and place) and furniture around it.
_OUTER_LABELS = (
    r"时间|日期|作者|记者|通讯员|主编|统筹|(?:联系|咨询|服务|举报|监督|投诉|办公|值班)?(?:电话|热线|邮箱|方式)|传真|"
    r"(?:联系|通讯|单位|办公)?地址|邮编|邮政编码|联系人|主[办管](?:单位)?|承办(?:单位)?|技术支持|网址|分享|标签|关键词|上传"
)
# Of these every label and date holds one, or it is a label that stands alone and is short.
_META_SIGN = re.compile(r"[:：丨｜|年./（(\[【）)\]】-]")
_LONGEST_LABEL = 12
_LABEL = re.compile(rf"[（(\[【]?\s*(?:{MAKER_LABELS}){_COLON}", re.IGNORECASE)
_OUTER_LABEL = re.compile(rf"[（(\[【]?\s*(?:{MAKER_LABELS}|{_OUTER_LABELS})(?:{_COLON}|\s*[\])）】]?$)")
_PIECE = re.compile(
    rf"{DATE}|{_TIME}|(?:{MAKER_LABELS}|{_OUTER_LABELS}){_COLON}\S{{0,40}}|(?<!\S)(?:{MAKER_LABELS}|{_OUTER_LABELS})(?!\S)"
)
# A date that stands by itself: behind nothing or a space, before no word of a sentence (自…起, …日在).
_APART = re.compile(
    rf"(?:^|[\s（(\[【|｜:：]|发[表布]于|刊发于){DATE}(?!(?!星期|周|来源|作者|浏览|责任|编辑|发布)[\u4e00-\u9fff])|(?<!\S)(?:{MAKER_LABELS}){_COLON}"
)
_BYLINE = re.compile(
    r"[（(【□■]?(?:本[报网刊台]|特约|实习|见习|首席|全媒体|融媒体){0,2}(?:记者|通讯员)[\s:：]\s*[^，,。！？]{2,30}$|[文图摄]\s?[/／]\s?\S{2,4}(?:\s|$)"
)
ORGANISATION = re.compile(
    r"(?:\w{2,4}[/／])?[\w·（）()]{1,20}(?:[网报社台委部局厅办署]|在线|侨联|商联|联合会|政府|委员会|办公室|协会|商会|总会|学会|基金会|研究院|学院|大学|集团|公司|"
    r"中心|之窗)"
)
_HAN = re.compile(r"[㐀-鿿]")
_SESSION = re.compile(rf"[—―–\-－（(\s]*{DATE}[^。，,]{{0,6}}在[^。]{{2,40}}(?:会议|大会|全会)[^。]{{0,12}}[上）)]")
_SECTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、是]|第[一二三四五六七八九十]{1,3}[章节部篇]")

# A whole line of these is furniture: name, pattern, an example.
LINE_RULES: tuple[tuple[str, str, str], ...] = (
    ("like", r"[•·\s]*\+\s?\d{1,3}", "• +1"),
    ("picture", r"图片?\s?\d{0,3}\s?|.{0,60}\.(?:jpe?g|png|gif|bmp|webp|mp4|pdf|docx?|xlsx?|rar|zip)", "1.jpg"),
    (
        "greeting",
        r"[^。]{0,10}欢迎(?:光临|访问|您|来到)[^。]{0,30}|[^。]{0,10}今天是\s*[:：]?\s*(?:\d{4}.{0,20})?",
        "欢迎访问本站！今天是：",
    ),
    ("where", r"[\W_]*(?:您?(?:当前|现在)?(?:所在)?的?位置|您(?:当前|现在)在)(?:\s*[:：是].*|\s*)", "当前位置：首页"),
    ("crumbs", r"[^。，,<《]{0,30}(?:[>＞»›]|&gt;)+(?!\s*\d)[^。，,]{0,80}", "首页 > 要闻"),
    ("banner", r"[》>]{2}.*[《<]{2}", "》》点击图片进入专题《《"),
    (
        "invitation",
        r"[【\[]?(?:扫码(?:下载|关注|查看|阅读|进入|分享|登录|观看|咨询|加入|添加)|扫一扫|扫描(?:下方|上方)?二维码|长按|点击(?:查看|进入|下载|图片|阅读|上方|下方|关注|这里|此处|右上角)|"
        r"下载(?:客户端|附件|APP)|返回\w{2,6}[，,]\s*查看更多|打开.{0,8}(?:APP|客户端)|关注(?:我们|公众号|官方|微信)|阅读(?:原文|全文)|查看(?:原文|更多|全部|大图)|"
        r"点击(?:上方)?蓝字[，,]?|我要(?:评论|举报|纠错|投稿|分享)|用?(?:手机|微信)(?:扫|看|浏览|打开))[^。，]{0,25}",
        "扫码下载客户端",
    ),
    (
        "counter",
        r"[已共]?(?:浏览|点击|阅读|访问|评论|点赞|收藏|转发|人气|热度|播放)(?:次数|人数|量|数|率)?\s*[:：]?\s*"
        r"[\d,.]*\s?[万wW]?\+?\s?[次人]?",
        "阅读 1234",
    ),
    ("counted", r"[\d,.]+\s?[万wW]?\+?\s?[次人]?(?:浏览|阅读|点击|评论|点赞|播放)", "37次浏览"),
    ("neighbour", r"[\W_]*(?:上|下|前|后)一?[篇条页则](?:文章)?\s*(?:[:：>»].*|[^。]{0,4})", "上一篇：没有了"),
    ("retitled", r"[（(【\[]?原(?:文?标题|题)\s*[:：为].{0,120}", "原标题：《侨心侨力》"),
    ("end", r"[（(【\[]?(?:全文)?(?:完|待续)[）)】\]]?", "（完）"),
    ("edited", r"本(?:帖|贴|文|主题)(?:子)?最后由.{1,60}编辑", "本帖最后由 某某 于 2014-5-7 08:02 编辑"),
    ("credo", r"涉密不上网.{0,12}", "涉密不上网，上网不涉密"),
)
_LINE = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in LINE_RULES), re.IGNORECASE)

# Found anywhere in a line that is no sentence of the article, these make the line furniture.
MARK_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "record",
        r"ICP[备证]|公网安备|备案(?:证|序)?号|网站标识码|许可证(?:号|编号)?\s*[:：]|许可证\d",
        "浙ICP备12345678号-1",
    ),
    ("copyright", r"©|copyright|版权(?:所有|声明|归.{1,20}所有)|all rights reserved|翻版必究", "© 2019 某某传媒"),
    (
        "report",
        r"不良信息举报|举报(?:电话|邮箱|中心)|侵权.{0,10}(?:联系|删除|告知)|联系.{0,8}删除",
        "违法和不良信息举报电话",
    ),
    (
        "opinion",
        r"(?:仅|不)代表.{0,20}(?:观点|立场|意见)|观点仅代表|上传并发布|信息存储(?:空间)?服务|免责声明|文责自负",
        "本文仅代表作者个人观点",
    ),
    (
        "reprint",
        r"转载.{0,10}(?:注明|授权|来源|出处)|(?:未经|禁止|谢绝).{0,15}转载|凡(?:本网|本站|注明).{0,30}(?:作品|稿件|来源)",
        "未经许可不得转载",
    ),
    ("viewport", r"最佳浏览|建议使用.{0,20}(?:浏览器|分辨率)", "建议使用1024×768分辨率浏览"),
)
_MARK = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in MARK_RULES), re.IGNORECASE)
# Characters of which every mark holds one: a line without them is not searched for marks.
_MARK_SIGN = re.compile("[pPvV©备码证权翻举删代责传载凡佳议]")

# What follows these to the end of the page is no body, if little prose follows.
_LIST = re.compile(
    r"[\W_]*(?:(?:今日|每日|本周|相关|热门|热点|最新|最热|推荐|精彩|更多|往期|延伸|扩展|编辑|小编|精选|网站|点击|阅读|浏览|大家|网友|"
    r"友情|图片|视频|新闻|[发我写]表?要?|全部|为[您你]|猜[您你])[的都在]?){1,2}"
    r"(?:推荐|阅读|新闻|链接|文章|报道|文档|资讯|内容|喜欢|在看|回顾|排行榜?|榜|评论|跟贴|图集|话题|稿件|文件|附件|专题)[\W_]*(?:更多|\d{0,5})\W*"
)
_CLOSING = re.compile(
    r"[\W_]*(?:(?:上|下)一?[篇条](?:文章)?\s*[:：>»]|(?:我要)?(?:纠错[\W_]*)?责任编辑|责编\s*[:：]|[（(]?原标题|打印本?页|关闭(?:本页|窗口)|阅读原文|热[词帖]$)"
)
_CAPTION = re.compile(r"[▲△▼◆]|图[为:：]|.*(?:[\s）)]|供图|资料图|记者.{2,8})摄$")

_BUTTON_WORDS = """
首页 网站首页 主页 返回 返回首页 返回顶部 返回列表 顶部 登录 登陆 注册 退出 搜索 检索 分享 分享到 分享至 转发
收藏 加入收藏 设为首页 打印 打印本页 打印本文 打印文章 关闭 关闭窗口 关闭本页 全屏 下载 举报 我要举报 反馈
意见反馈 纠错 我要纠错 点赞 赞 踩 评论 发表评论 我要评论 留言 字号 字体 大 中 小 默认 超大 加大 减小 还原 放大
缩小 标准 特大 放大字体 缩小字体 简 繁 简体 繁体 繁體 简体版 繁体版 繁體版 无障碍 网站无障碍 无障碍浏览 关怀版
长者版 适老版 长者模式 English 客户端 下载客户端 手机版 电脑版 移动版 微信 微博 新浪微博 腾讯微博 腾讯QQ QQ
QQ空间 Qzone 朋友圈 微信好友 人人网 豆瓣 复制链接 微信扫一扫 分享到微信 分享到朋友圈 分享到微博 图片 正文 更多
展开 收起 展开全文 全文 目录 上一页 下一页 末页 尾页 跳转 播放 暂停 语音播报 朗读 听新闻 我要投稿 联系我们
关于我们 网站地图 网站声明 网站帮助 隐私声明 隐私政策 法律声明 版权声明 广告服务 招聘信息 友情链接 加入我们
网站简介 服务条款 用户协议 扫一扫 二维码 频道 导航 站内搜索 高级搜索 热搜 订阅 已关注 加关注 粉丝 私信
查看更多 加载更多 点击加载更多 阅读原文 阅读 在看 推荐 置顶 编辑 删除 回复 邮箱 政务邮箱 智能问答 来源 作者
返回目录 朗读 上一篇 下一篇 上一版 下一版 版面导航 标题导航 时间 日期 浏览 点击 A 收录于合集 合集
"""
_BUTTONS = frozenset(_BUTTON_WORDS.split())
_BUTTON_HEADS = frozenset(word[0] for word in _BUTTONS)
_TEASER_LABEL = re.compile(r"^[【\[]?(?:摘要|导读|导语|核心提示|内容提要|内容摘要)\s*[\]】:：]+\s*")
_CUT = re.compile(r"(?:…|\.{2,}|[\[【(（<《]?(?:详细|更多|全文|阅读全文|查看全文|查看详情)[\]】)）>》]*)+$")
_SEPARATORS = re.compile(r"[\W_]+")
_SENTENCE_ENDS = "。！？!?\n"
# Words of furniture that may stand inside paragraphs, each behind one rare character of it that is sought first.
_GATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("P", ("ICP",)), ("备", ("公网安备",)), ("证", ("许可证",)), ("数", ("次数",)), ("量", ("量：", "量:")),
    ("布", ("发布时间", "发布日期", "上传并发布")), ("©", ("©",)), ("y", ("opyright",)), ("权", ("版权", "侵权")),
    ("代", ("仅代表", "不代表")), ("责", ("免责声明",)), ("载", ("转载",)),
)  # fmt: skip
_INLINE = re.compile(
    rf"(?:发布|发表|更新)(?:时间|日期){_COLON}{DATE}{_TIME}*|(?:浏览|点击|阅读|访问)(?:次数|量|数)\s*[:：]\s*\d*|"
    r"\w?ICP[备证]\s?\d+\s?号?(?:-\d+)?|公网安备\s?\d+\s?号?|许可证(?:编号|号)?\s*[:：]\s*[\w-]+"
)
# Sentences that speak of the page; stricter than MARK_RULES, for they stand among the sentences of the article.
_DISCLAIMER = re.compile(
    r"上传并发布|免责声明|(?:仅|不)代表.{0,20}(?:观点|立场)|转载.{0,10}(?:注明|授权)|(?:未经|谢绝).{0,15}转载|版权归.{1,20}所有|"
    r"凡(?:本网|本站|注明).{0,30}(?:作品|稿件|来源)|如有侵权|如涉及?.{0,12}侵权|版权所有|©"
)
_REACH = 240
_REMEMBERED = 4096
_LONGEST_RECURRING = 1000  # characters of a line that may be furniture by its recurrence alone
# Lines of unknown nature over which furniture is looked for from the edge.
_STRANGE = 10


class Line(NamedTuple):
    """A line of a text without the white space around it; `text[start:end]` is its wording."""

    start: int
    end: int
    text: str


class Page(NamedTuple):
    """A text seen as a page: its lines, which of them are prose, and where its article begins and ends.

    `first` and `last` number the article's first and last prose (n and -1 where there is none of n lines), `tail` the
    line at which the page's own matter begins; `gated` says that furniture may stand inside paragraphs. `head` holds
    the lines above the article, as far as anyone would scroll, `foot` those below its last paragraph. `recurring` are
    lines at either end that the run's furniture holds, prose or not.
    """

    lines: list[Line]
    prose: list[bool]
    first: int
    last: int
    tail: int
    gated: bool
    head: list[Line]
    foot: list[Line]
    recurring: frozenset[int] = frozenset()


@lru_cache(maxsize=1)
def page_of(text: str, furniture: Furniture = NONE) -> Page:
    """The page of a text; the last one is kept, for heading and body are read one after the other.

    `furniture` are lines that recur over the articles of the run; they count at the head and the foot alone.
    """
    lines = lines_of(text)
    gated = _is_gated(text)
    prose = _prose_of(lines, gated)
    recurring = _recurring(lines, prose, furniture) if furniture else frozenset[int]()
    for number in recurring:
        prose[number] = False
    tail = _tail_of(lines, prose)
    first, last = _core_of(prose[:tail])
    head, foot = lines[: min(first, 400)], lines[last + 1 :] if last >= 0 else []
    return Page(lines, prose, first, last, tail, gated, head, foot, recurring)


def lines_of(text: str) -> list[Line]:
    """The lines of a text that hold anything."""
    found = []
    position = 0
    for raw in text.split("\n"):
        if line := raw.strip():
            start = position + len(raw) - len(raw.lstrip()) if raw[0] != line[0] else position
            found.append(Line(start, start + len(line), line))
        position += len(raw) + 1
    return found


def is_prose(line: str) -> bool:
    """Whether a line holds sentences, as paragraphs do and headings, buttons and links do not.

    >>> is_prose("今年以来，区侨联走访侨资企业三十家，办成实事十二件。")
    True
    >>> is_prose("首页 要闻 公告 统战 侨务 党建 专题 视频 图片 通知")
    False
    """
    if len(line) < 24:
        return False
    if "。" in line:
        return len(line) >= 60 or any(mark in line for mark in "，,、；：")
    return len(line) >= 60 and line.count("，") + line.count(",") + line.count("；") >= 3


def _prose_of(lines: list[Line], gated: bool) -> list[bool]:
    """For each line whether it is prose of the article; a short disclaimer is none, nor a teaser above the lead."""
    prose = [is_prose(line.text) for line in lines]
    first, _ = _core_of(prose)
    if first + 1 < len(lines) and _is_retold(lines, first):
        prose[first] = False
    if gated:
        for number, line in enumerate(lines):
            if prose[number] and len(line.text) <= 300 and _DISCLAIMER.search(line.text[:120]):
                prose[number] = False
    return prose


def _recurring(lines: list[Line], prose: list[bool], furniture: Furniture) -> frozenset[int]:
    """Lines of furniture at the head and the foot; none where no prose would be left of all there is."""
    foot = _edge_of(range(len(lines) - 1, -1, -1), lines, prose, furniture)
    head = _edge_of(range(len(lines)), lines, prose, furniture)
    found = frozenset(head + foot)
    left = any(flag for number, flag in enumerate(prose) if number not in found)
    return found if left or True not in prose else frozenset()


def _edge_of(order: range, lines: list[Line], prose: list[bool], furniture: Furniture) -> list[int]:
    """Lines of furniture from one end of a text inwards, as far as the first sentence of its own.

    Short ones (a heading, a cell, a signature) count in one stretch with a long one alone, reached without a break.
    """
    found: list[int] = []
    stretch: list[int] = []
    strange = 0
    for number in order:
        line = lines[number].text
        if _may_recur(line) and line in furniture:
            stretch.append(number)
        elif prose[number] or strange == _STRANGE:
            break
        elif not _is_page(line, True):
            found += _if_long(stretch, lines)
            stretch, strange = [], strange + 1
    return found + _if_long(stretch, lines)


def _if_long(stretch: list[int], lines: list[Line]) -> list[int]:
    """A stretch of recurring lines where one of them is long."""
    return stretch if any(len(lines[number].text) >= LONG for number in stretch) else []


def _may_recur(line: str) -> bool:
    """Whether a line may be furniture by its recurrence alone: no heading of a section, none that leads on."""
    return len(line) <= _LONGEST_RECURRING and not line.endswith(("：", ":")) and not _SECTION.match(line)


def _is_retold(lines: list[Line], number: int) -> bool:
    """Whether a later line says the same and perhaps more."""
    stem = _stem(lines[number].text)
    return len(stem) >= 20 and any(line.text.startswith(stem) for line in lines[number + 1 :])


def is_meta(line: str, outer: bool = True) -> bool:
    """Whether a line only says how the page was made: date, source, editor, counters.

    >>> is_meta("2023-03-08 09:30 来源：杭州日报 字号：大 中 小"), is_meta("2023年3月8日全市侨联工作会议召开")
    (True, False)
    """
    return len(line) <= 120 and _is_meta(line, outer)


@lru_cache(maxsize=_REMEMBERED)
def _is_meta(line: str, outer: bool) -> bool:
    if "。" in line:
        return False
    line = line.replace("*", "")
    if outer and _BYLINE.match(line):
        return True
    if len(line.strip()) > _LONGEST_LABEL and not _META_SIGN.search(line):
        return False
    opens = (_OUTER_LABEL if outer else _LABEL).match(line) or (outer and _APART.search(line))
    rest = _PIECE.sub(" ", line).strip() if opens else ""
    return bool(opens) and (len(_HAN.findall(rest)) <= 8 or ORGANISATION.fullmatch(rest) is not None)


def is_furniture(line: str) -> bool:
    """Whether a line that is no prose is part of the page, wherever it stands.

    >>> is_furniture("【字号：大 中 小】"), is_furniture("▲走访侨资企业")
    (True, False)
    """
    return len(line) <= 400 and _is_furniture(line)


@lru_cache(maxsize=_REMEMBERED)
def _is_furniture(line: str) -> bool:
    if len(line) <= 40 and _is_buttons(line):
        return True
    return _LINE.fullmatch(line) is not None or _is_marked(line)


def _is_marked(line: str) -> bool:
    """Whether a record number, a copyright, a disclaimer and the like stands in the line."""
    return _MARK_SIGN.search(line) is not None and _MARK.search(line) is not None


def is_session(line: str) -> bool:
    """Whether a line is the subtitle that says at which session a report was given.

    >>> is_session("——2021年1月20日在某省第十三届人民代表大会第四次会议上")
    True
    """
    return "在" in line and _SESSION.match(line) is not None


def is_caption(line: str) -> bool:
    """Whether a line stands under a picture.

    >>> is_caption("▲举办侨商座谈会"), is_caption("图为义诊现场。 记者 张三 摄")
    (True, True)
    """
    return (line[:1] in "▲△▼◆图" or line.endswith("摄")) and _CAPTION.match(line) is not None


def _is_buttons(line: str) -> bool:
    """Whether all words of a line are those of buttons and menus, with or without counts."""
    if line[:1].isalnum() and line[0] not in _BUTTON_HEADS and not line[0].isdecimal():
        return False
    words = [word for word in _SEPARATORS.split(line) if word]
    counts = [word for word in words if word.isdecimal()]
    return len(counts) < max(1, len(words)) and all(word in _BUTTONS or word.isdecimal() for word in words)


def _core_of(prose: list[bool]) -> tuple[int, int]:
    """Numbers of the first and the last line of prose; (n, -1) where there is none of n lines."""
    if True not in prose:
        return len(prose), -1
    return prose.index(True), len(prose) - 1 - prose[::-1].index(True)


def _tail_of(lines: list[Line], prose: list[bool]) -> int:
    """Number of the line at which the page's own matter begins behind the article, or how many lines there are."""
    first, _ = _core_of(prose)
    lengths = [len(line.text) for line in lines[first:]]
    before, after = 0, sum(length for length, flag in zip(lengths, prose[first:], strict=True) if flag)
    around = sum(lengths)
    for number, length in enumerate(lengths, start=first):
        if prose[number]:
            before, after = before + length, after - length
        elif _is_end(lines[number].text, before, after, around):
            return number
        around -= length
    return len(lines)


def _is_end(line: str, before: int, after: int, rest: int) -> bool:
    """Whether a line closes the article: `after` of the `rest` characters behind it are prose, `before` stood above."""
    if after * 4 <= before:
        return _closes(line)
    return after <= before and after * 2 <= rest and len(line) <= 200 and _CLOSING.match(line) is not None


def body_spans(text: str, title: str, furniture: Furniture = NONE) -> tuple[Span, ...]:
    """Sorted, disjoint spans of the text that are body: paragraphs, headings, captions, table cells.

    Masked are the title and its copies, teasers, the page's navigation, buttons, counters, records, credits and lists,
    and at the head and the foot the lines of `furniture`, which recur over the articles of the run.

    >>> page = "首页\\n慰问侨眷\\n2023-03-08 来源：杭州日报\\n区侨联走访慰问侨眷30户。\\n浏览次数：12"
    >>> [page[start:end] for start, end in body_spans(page, "慰问侨眷")]
    ['区侨联走访慰问侨眷30户。']
    """
    page = page_of(text, furniture)
    lines = page.lines
    copies = list(_copies(lines, title))
    hidden = {*range(page.tail, len(lines)), *page.recurring, *copies, *_above(page, copies)}
    hidden.update(_furniture(page, hidden))
    hidden.update(_teasers(lines, hidden))
    runs = _runs(lines, hidden)
    if not page.gated:
        return tuple(runs)
    left = _subtract(runs, [hole for line in lines if len(line.text) > 40 for hole in _holes(line)])
    return tuple(_without_blanks(text, left))


def _is_gated(text: str) -> bool:
    """Whether the text holds any word that furniture inside a paragraph holds; most texts do not."""
    for character, words in _GATES:  # a plain loop is twice as fast as any()
        if character in text:
            for word in words:
                if word in text:
                    return True
    return False


def _furniture(page: Page, known: set[int]) -> Iterator[int]:
    """Lines before the tail that belong to the page; those that are `known` to be hidden are not looked at again."""
    listed = 0
    for number in range(page.tail):
        if page.prose[number]:
            listed = 0
            continue
        line = page.lines[number].text
        inside = page.first < number < page.last
        listed = _still_listed(listed, line, inside)
        if number not in known and (listed or _is_page(line, not inside)):
            yield number


def _still_listed(listed: int, line: str, inside: bool) -> int:
    """How many more lines belong to a list of links in the midst of an article; the heading behind it ends it."""
    if inside and len(line) <= 16 and _LIST.fullmatch(line):
        return 10
    if not listed or _SECTION.match(line) or is_caption(line) or line.endswith(("。", "；", ";", "！", "：")):
        return 0
    return listed - 1


def _is_page(line: str, outer: bool) -> bool:
    """Whether a line that is no prose is not body, inside the article or around it."""
    if len(line) > 200:
        return False
    if is_meta(line, outer) or is_furniture(line) or is_session(line):
        return True
    return outer and ((not _HAN.search(line) and len(line) <= 12) or _leads_on(line))


def _closes(line: str) -> bool:
    """Whether a line opens what stands behind an article: links, previous and next, the editor, the footer."""
    return _leads_on(line) or (len(line) <= 200 and _is_marked(line))


def _leads_on(line: str) -> bool:
    """Whether a line is the heading of a list of links, or names the next article or the editor."""
    if len(line) <= 16 and _LIST.fullmatch(line):
        return True
    return len(line) <= 200 and _CLOSING.match(line) is not None


def _above(page: Page, copies: list[int]) -> Iterator[int]:
    """Lines above the title that are neither sentences nor captions: navigation, menus, the site's name."""
    headline = copies[0] if copies and copies[0] <= page.first else 0
    for number in range(headline):
        line = page.lines[number].text
        if not (page.prose[number] or is_caption(line) or line.endswith("。")):
            yield number


def title_line(lines: list[Line], title: str) -> int | None:
    """Number of the first line that is the title, alone or with a label or the site's name beside it."""
    return next(_copies(lines, title), None)


def _copies(lines: list[Line], title: str) -> Iterator[int]:
    """Every line that is the title or a cut copy of it."""
    key = _squeeze(title)
    if not key:
        return
    first, longest = key[0], 2 * len(title) + 40
    for number, line in enumerate(lines):
        if len(line.text) <= longest and first in line.text and _is_copy(line.text, title, key):
            yield number


def _is_copy(line: str, title: str, key: str) -> bool:
    """Whether a line repeats the title: the same letters, cut by dots, or with a label or site's name beside it."""
    if line == title:
        return True
    squeezed = _squeeze(line)
    if squeezed == key:
        return True
    if len(key) < 6:
        return False
    if line.endswith(("…", "...")) and len(squeezed) >= 6 and key.startswith(squeezed):
        return True
    before, _, after = squeezed.partition(key)
    return squeezed != before and _is_label(line, before) and _is_site(line, after)


def _is_label(line: str, before: str) -> bool:
    return not before or (len(before) <= 6 and ("题" in before or ">" in line))


def _is_site(line: str, after: str) -> bool:
    return not after or (len(after) <= 12 and any(mark in line for mark in "_|｜-—"))


def _squeeze(text: str) -> str:
    """The letters and figures of a text: full and half width, spaces and marks do not count."""
    return _SEPARATORS.sub("", text)


def _teasers(lines: list[Line], hidden: set[int]) -> Iterator[int]:
    """Lines with which another line begins: of a lead and its teaser the longer stays, of two equal ones the later."""
    shown = [number for number, line in enumerate(lines) if len(line.text) >= 20 and number not in hidden]
    if len(shown) < 2:
        return
    longest: dict[str, tuple[int, str]] = {}
    for number in reversed(shown):
        stem = _stem(lines[number].text)
        later, wording = longest.get(stem[:20], (number, ""))
        if len(stem) >= 20 and wording.startswith(stem):
            yield number
            continue
        if wording and stem.startswith(wording):
            yield later
        if len(stem) > len(wording):
            longest[stem[:20]] = number, stem


def _stem(line: str) -> str:
    """A teaser without the marks that say it was cut, and without its label.

    >>> _stem("【摘要】走访侨眷三十户，发放慰问金……[详细]")
    '走访侨眷三十户，发放慰问金'
    """
    line = _TEASER_LABEL.sub("", line[:20]) + line[20:]
    return line[:-20] + _CUT.sub("", line[-20:])


def _holes(line: Line) -> Iterator[Span]:
    """Furniture inside a long line: its counters and record numbers, and the sentences of a disclaimer."""
    for match in _INLINE.finditer(line.text):
        yield line.start + match.start(), line.start + match.end()
    for match in _DISCLAIMER.finditer(line.text):
        start, end = _sentence_around(line.text, match.start(), match.end())
        yield line.start + start, line.start + end


def _sentence_around(line: str, start: int, end: int) -> Span:
    """The sentence that holds `line[start:end]`, with the rest of the line where that is short."""
    left = max(0, start - _REACH)
    begin = max((line.rfind(mark, left, start) for mark in _SENTENCE_ENDS), default=-1) + 1
    ends = [found for mark in _SENTENCE_ENDS if (found := line.find(mark, end, end + _REACH)) >= 0]
    stop = min(ends) + 1 if ends else min(len(line), end + _REACH)
    return max(begin, left), len(line) if len(line) - stop <= 60 else stop


def _runs(lines: list[Line], hidden: set[int]) -> Iterator[Span]:
    """Spans of neighbouring lines that are not hidden."""
    start: int | None = None
    end = 0
    for number, line in enumerate(lines):
        if number not in hidden:
            start, end = line.start if start is None else start, line.end
        elif start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _without_blanks(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that begin with the blank behind a hole begin at the next word."""
    for start, end in spans:
        first = end - len(text[start:end].lstrip())
        if first < end:
            yield first, end


def _subtract(spans: Iterable[Span], holes: list[Span]) -> Iterator[Span]:
    """Spans without the holes; both sorted by their start."""
    waiting = sorted(holes, reverse=True)
    for start, end in spans:
        while waiting and waiting[-1][0] < end:
            left, right = waiting.pop()
            if start < left:
                yield start, left
            start = max(start, right)
        if start < end:
            yield start, end
