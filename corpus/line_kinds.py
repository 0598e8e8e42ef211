"""A line of a page in, what it is: a sentence, a button, a counter, a record number, a caption, the heading of a list."""

from __future__ import annotations

import re
from functools import lru_cache

from .labels import DATE, HAN, REMEMBERED, is_meta

_SESSION = re.compile(rf"[—―–\-－（(\s]*{DATE}[^。，,]{{0,6}}在[^。]{{2,40}}(?:会议|大会|全会)[^。]{{0,12}}[上）)]")
SECTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、是]|第[一二三四五六七八九十]{1,3}[章节部篇]")

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
SEPARATORS = re.compile(r"[\W_]+")


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


def is_furniture(line: str) -> bool:
    """Whether a line that is no prose is part of the page, wherever it stands.

    >>> is_furniture("【字号：大 中 小】"), is_furniture("▲走访侨资企业")
    (True, False)
    """
    return len(line) <= 400 and _is_furniture(line)


@lru_cache(maxsize=REMEMBERED)
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
    words = [word for word in SEPARATORS.split(line) if word]
    counts = [word for word in words if word.isdecimal()]
    return len(counts) < max(1, len(words)) and all(word in _BUTTONS or word.isdecimal() for word in words)


def is_page_matter(line: str, outer: bool) -> bool:
    """Whether a line that is no prose is not body, inside the article or around it."""
    if len(line) > 200:
        return False
    if is_meta(line, outer) or is_furniture(line) or is_session(line):
        return True
    return outer and ((not HAN.search(line) and len(line) <= 12) or leads_on(line))


def closes(line: str) -> bool:
    """Whether a line opens what stands behind an article: links, previous and next, the editor, the footer."""
    return leads_on(line) or (len(line) <= 200 and _is_marked(line))


def leads_on(line: str) -> bool:
    """Whether a line is the heading of a list of links, or names the next article or the editor."""
    return is_list_heading(line) or is_closing(line)


def is_list_heading(line: str) -> bool:
    """Whether a line is the heading of a list of links: 相关阅读, 热门推荐."""
    return len(line) <= 16 and _LIST.fullmatch(line) is not None


def is_closing(line: str) -> bool:
    """Whether a line names the next article or the editor, or is a button below an article."""
    return len(line) <= 200 and _CLOSING.match(line) is not None
