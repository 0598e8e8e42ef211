"""A line in, whether it only says how its page was made: day, source, editor, counters, each behind its label."""

from __future__ import annotations

import re
from functools import lru_cache

DATE = r"(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?|[二一][〇○Ｏ零九]\w{2}年\w{1,2}月\w{1,3}日)"
TIME = r"(?:星期[一二三四五六日天]|周[一二三四五六日]|[T\s]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?)"
COLON = r"\s*[:：丨｜|]\s*"

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
_LABEL = re.compile(rf"[（(\[【]?\s*(?:{MAKER_LABELS}){COLON}", re.IGNORECASE)
_OUTER_LABEL = re.compile(rf"[（(\[【]?\s*(?:{MAKER_LABELS}|{_OUTER_LABELS})(?:{COLON}|\s*[\])）】]?$)")
_PIECE = re.compile(
    rf"{DATE}|{TIME}|(?:{MAKER_LABELS}|{_OUTER_LABELS}){COLON}\S{{0,40}}|(?<!\S)(?:{MAKER_LABELS}|{_OUTER_LABELS})(?!\S)"
)
# A date that stands by itself: behind nothing or a space, before no word of a sentence (自…起, …日在).
_APART = re.compile(
    rf"(?:^|[\s（(\[【|｜:：]|发[表布]于|刊发于){DATE}(?!(?!星期|周|来源|作者|浏览|责任|编辑|发布)[\u4e00-\u9fff])|(?<!\S)(?:{MAKER_LABELS}){COLON}"
)
_BYLINE = re.compile(
    r"[（(【□■]?(?:本[报网刊台]|特约|实习|见习|首席|全媒体|融媒体){0,2}(?:记者|通讯员)[\s:：]\s*[^，,。！？]{2,30}$|[文图摄]\s?[/／]\s?\S{2,4}(?:\s|$)"
)
ORGANISATION = re.compile(
    r"(?:\w{2,4}[/／])?[\w·（）()]{1,20}(?:[网报社台委部局厅办署]|在线|侨联|商联|联合会|政府|委员会|办公室|协会|商会|总会|学会|基金会|研究院|学院|大学|集团|公司|"
    r"中心|之窗)"
)
HAN = re.compile(r"[㐀-鿿]")
REMEMBERED = 4096  # lines of which it is kept at hand what they are


def is_meta(line: str, outer: bool = True) -> bool:
    """Whether a line only says how the page was made: date, source, editor, counters.

    >>> is_meta("2023-03-08 09:30 来源：杭州日报 字号：大 中 小"), is_meta("2023年3月8日全市侨联工作会议召开")
    (True, False)
    """
    return len(line) <= 120 and _is_meta(line, outer)


@lru_cache(maxsize=REMEMBERED)
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
    return bool(opens) and (len(HAN.findall(rest)) <= 8 or ORGANISATION.fullmatch(rest) is not None)
