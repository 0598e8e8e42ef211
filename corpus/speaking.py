"""A text in, the divisions that it names out, and the words by which one of them speaks or receives."""

from __future__ import annotations

import re

from .lexicons import BODIES, lexical, own
from .place_names import Place
from .places import places as places_and_below
from .regions import divisions

_RANKS = "省市县区州旗盟"
_BODY_WORDS = (
    "统一战线|统战|侨联|侨办|侨务|侨商|侨界|归侨|工商联|总工会|工会|妇联|科协|文联|残联|红十字|团市委|团县委|团区委|政府|人民|人大|政协|党委|"
    "纪委|监委|[市县区省州旗]?委|[市县区省州旗]?[\u4e00-\u9fff]{0,4}(?:局|厅)|法院|检察院|公安|海关|管委会|党工委|生产建设兵团|兵团|慈善|商会|宣传部|组织部|融媒|新闻办|网信|街道|法学会"
)
# What makes a receiver of the name behind it; what says that others act under a name.
RECEIVES = re.compile(
    r"(?:援助|支援|援建|帮扶|支持|捐赠|捐给|捐助|赴|前往|走进|走访|考察|奔赴|来到|驰援|助力|服务|送到|送往|运往|销往|发往|落户|"
    r"运抵|抵达|进入|对接|联系|结对|邀请|接待|来自|源自|到访|访问|慰问|向|给|往|至|从|由|与|和|同|到|距|途经|较|比)了?(?:[\u4e00-\u9fff]{0,2}省)?$"
)
LED = re.compile(r"[\u4e00-\u9fff、]{0,10}?(?:领导|指导|关怀|支持|关心|部署)下")


def bodies() -> str:
    """The bodies of a domain, as more choices of a pattern."""
    return "".join(f"|{re.escape(body)}" for (body,) in own(BODIES))


@lexical
def official_body() -> re.Pattern[str]:
    """A body that speaks for a division, right behind its name."""
    return re.compile(rf"[省市县区州旗]?(?:{_BODY_WORDS}{bodies()})")


def places(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    """The divisions of a text; a street or town that stands alone overrides none of them and is left out."""
    found = places_and_below(text, start, end)
    if "街道" not in text and "镇" not in text:
        return found
    from .localities import is_locality

    return [place for place in found if not is_locality(place)]


def is_ranked(place: Place) -> bool:
    """Whether the name bears its rank: 杭州市, 杭州柳浪街道; not 固镇."""
    return place.text[-1] in _RANKS or place.text not in divisions().names
