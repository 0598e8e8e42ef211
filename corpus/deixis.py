"""Words that point (我省, 市侨联, 全国) in, the division out that they mean in an article of a given one."""

from __future__ import annotations

import re

from .lexicons import lexical
from .regions import NATION, divisions
from .speaking import LED, bodies

_POINTING = (
    r"(?P<nation>全国|我国)|(?P<home>(?:全[区县市州盟旗省]|[我本该][省市区县州旗])(?![域场别])|"
    r"[省市区县州旗](?:侨联|委(?![员托派])|政府|人民政府|工商联|统战部|总工会|妇联|红十字会{more}))"
)
_BESIDE = re.compile(r"[于比占居列在向达为是过销往自的内受被获由]$")
_BESIDE_BODY = re.compile(r"(?:落实|响应|配合|联合|协助|争取|依托|参加|按照|根据|围绕|对接|联系|获得?|由)$")
_WHOLE_NATION = re.compile(r"共|累计|已|有|新增|完成|范围内|各级|侨联系统|实现|\d")
_RANKED = re.compile(r"第|首|前|最|唯一|先进|优秀|示范|百强|平均|重点|人大|政协|各地|领先|文明|十|排|率先")
_AUTONOMOUS = frozenset(("150000", "450000", "540000", "640000", "650000"))
_SELF = re.compile(
    r"(?P<nation>全国|我国|国务院|中华全国|中国侨联|中央(?:统战部|政府|组织部|宣传部|社院)|国家侨办|国家(?=[^，。]{2,8}[部委局署])|(?:民政|财政|教育|司法|农业农村|退役军人事务|人力资源和?社会保障|文化和旅游)部)|(?P<province>自治区|特别行政区|特区|[全本](?=[港澳台])[港澳台])|"
    r"(?P<below>[社街园校辖]区|开发区|新区|街道|[全我本该]?[镇乡村校]|办事处|高校|学校|学院|大学|企业|集团|公司)|"
    r"(?P<league>地区|行署|行政公署|地委)|(?P<rank>[省市区县州旗盟])"
)
_MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))


@lexical
def deixis() -> re.Pattern[str]:
    """Words that point to a division: 全县, 我省, 市侨联."""
    return re.compile(_POINTING.replace("{more}", bodies()))


def pointed(clause: str, match: re.Match[str], home: str | None) -> str | None:
    """The division that 全国, 我省, 市侨联 point to from `home`; None where the words only compare or receive."""
    if _BESIDE.search(clause, 0, match.start()) or _BESIDE_BODY.search(clause, 0, match.start()):
        return None
    if _RANKED.match(clause, match.end()) or LED.match(clause, match.end()):
        return None
    if match["nation"]:
        return NATION if home in (None, NATION) or _WHOLE_NATION.match(clause, match.end()) else None
    return of_rank(match.group()[0] if match.group()[0] in "省市区县州旗" else match.group()[1], home)


def of_rank(rank: str, home: str | None) -> str | None:
    """The division of the rank on the line of `home`, None when the line has none."""
    table = divisions()
    row = table.by_adcode(home) if home else None
    if row is None or row.level == "nation":
        return None
    province = table.province_of(row.adcode)
    if rank == "省":
        return province
    if row.level == "county" and (rank in "区县旗" or (rank == "市" and row.full_name.endswith("市"))):
        return row.adcode
    if rank == "区":
        return province if province in _AUTONOMOUS else None
    return (table.prefecture_of(row.adcode) or province) if rank in "市州盟" else None


def deictic(words: str, home: str | None) -> str | None:
    """The division that 我区, 全县, 市侨联, 省工商联 point to in an article of `home`; None where its line has none.

    What lies below a county (街道侨联, 该镇, 高校侨联) stays with `home`.

    >>> [deictic(words, "330113") for words in ("区侨联", "市委统战部", "我省", "该镇", "全国")]
    ['330113', '330100', '330000', '330113', '100000']
    """
    match = _SELF.search(words)
    if match is None or match.lastgroup is None:
        return None
    if match["nation"]:
        return NATION
    if match["below"] or not home:
        return home
    if match["province"]:
        return divisions().province_of(home)
    if match["rank"] == "省" and divisions().province_of(home) in _MUNICIPALITIES:
        return None
    return of_rank("州" if match["league"] else match["rank"], home)
