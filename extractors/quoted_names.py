"""A quotation and what stands around it in, the rule that takes or refuses it for a brand out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ..corpus.lexicons import mapping
from .brand_nouns import Noun, kind_of, noun_behind, noun_inside

LONGEST = 34


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation; of a list “A”“B”“C” each sees the words before the first and behind the last.

    `left` reaches back to the nearest mark, `right` forward to it; `mark` is the character right before.
    """

    surface: str
    left: str
    right: str
    mark: str
    noun: Noun | None


Judge = Callable[[Quotation], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named judgement: None where it stays silent, else the kind (a refusal answers the empty string)."""

    name: str
    judge: Judge
    confidence: float
    example: str


@cache
def _roles() -> dict[str, str]:
    return mapping("quoted")


def _refuse(holds: bool) -> str | None:
    return "" if holds else None


def is_too_long(this: Quotation) -> str | None:
    return _refuse(not 2 <= len(this.surface) <= LONGEST)


_DAY = re.compile(r"(?:\d+·\d+)?(?:国际|世界|全国|中国)[^·]*[日周]")


def is_policy(this: Quotation) -> str | None:
    """What everybody is told to do, and the days that all the world keeps: “国际茶日”."""
    return _refuse(_roles().get(this.surface) == "policy" or bool(_DAY.fullmatch(this.surface)))


_FORMULA = re.compile(r".*[+＋×→%％=＝].*|[\d.·]+|[一-龥](?:[、—-][一-龥])+")


def is_formula(this: Quotation) -> str | None:
    """党建+网格, 334, 人、房、地: no words of a name; 12345 names a hotline."""
    return _refuse(bool(_FORMULA.fullmatch(this.surface)) and not this.right.startswith(("热线", "平台")))


_IDIOM = re.compile(
    r"(?:[、，]?一[一-龥]{1,4}){2,}|([一二两三四五六七八九十])[一-龥]{1,3}(?!\1)[一二两三四五六七八九十多][一-龥]{1,3}(?:多点)?|[一-龥]{1,6}[式型化制性]|[零全]\S{1,3}|[两二三四五六七八九十双多\d]+[一-龥]"
    r"|[一-龥]{2}(?:、[一-龥]{2}){2,}|[一二三四五六七八九十两双多\d]+[个大项条张种本支][一-龥]{0,6}|.*(?:就是|不如|胜过|越来越).*"
)


def is_idiom(this: Quotation) -> str | None:
    """一企一策, 点单式, 四个一, 三化: common words and counted headings, whatever stands behind them."""
    if this.noun is not None and this.noun.use == "firm" and "、" in this.surface:
        return None
    return _refuse(bool(_IDIOM.fullmatch(this.surface)))


def is_metaphor(this: Quotation) -> str | None:
    """A metaphor that everybody uses; with 行动, 计划, 工程 right behind it somebody made it a name."""
    named = this.noun is not None and this.noun.use == "firm" and not this.noun.modifier
    return _refuse(_roles().get(this.surface) == "metaphor" and not named)


_HONOUR_INSIDE = re.compile(
    r"最美.*|.*(?:单位|称号|案例|先进|标兵|奖|文明城市|卫生城市|集体|先进个人|年度人物|示范[县区市村点户校镇]|百强|[强佳][县区市镇村]?|模范|第一书记|工匠|劳模|状元|最佳实践)"
)
_HONOUR_RIGHT = re.compile(r"(?:等)?(?:荣誉|称号|奖|大奖|证书|奖项|牌匾|锦旗|奖章|人物|家庭|先进|获得者|得主)")
_HONOUR_LEFT = re.compile(
    r"(?:获评|分获|荣获|荣膺|获得|喜获|评为|评选为|授予|入选|入围|命名为|认定为|列入|列为|当选|争创|跻身|摘得|斩获|捧回|获|表彰)了?[^，]{0,12}$"
)


def is_honour(this: Quotation) -> str | None:
    named = this.noun is not None and this.noun.word.endswith(("品牌", "行动", "计划", "工程"))
    if (_HONOUR_INSIDE.fullmatch(this.surface) and not named) or _HONOUR_RIGHT.match(this.right):
        return ""
    return _refuse(this.noun is None and bool(_HONOUR_LEFT.search(this.left)))


_CEREMONY = re.compile(r".*(?:仪式|庆祝大会|表彰大会|推进会|总结会|动员会|部署会|新闻发布会|工作会议|庆祝活动|誓师大会|启动会|[代全]会|次会议)")


def is_ceremony(this: Quotation) -> str | None:
    """One meeting, not a series; a name may stand in it."""
    return _refuse(len(this.surface) > 4 and bool(_CEREMONY.fullmatch(this.surface)))


_AS_THEME = re.compile(r"(?:为|作为)(?:活动)?(?:主题|主线|目标|宗旨|核心|重点|引领|导向|理念|抓手|统领|根本|遵循|方向|契机|牵引|切入)|(?:等|这一|[两三四]个)?(?:主题|议题|话题|课题)(?:展开|进行|开展|作|举行|为|$)|作(?:了)?(?:大会|主题|专题)?(?:发言|报告|演讲|交流)|(?:等)?(?:平行|专题|主题)?分(?:论坛|会场|议题)")


def is_theme(this: Quotation) -> str | None:
    """以“书香满校园”为主题: a motto; one that work is fitted to (紧扣“…”主题) is a name."""
    fitted = this.left.endswith(("紧扣", "擦亮", "打响"))
    announced = this.left.endswith(("主题为", "主题是", "题为", "口号为", "口号是"))
    return _refuse(announced or (not fitted and bool(_AS_THEME.match(this.right))))


_ARMS = re.compile(r"[一-龥]{0,8}(?:火箭|导弹|防空|榴弹|反导|战机|战斗机|轰炸机|无人机|航母|舰|坦克|系统(?:发射|拦截))|级(?:驱逐|护卫|巡洋)")


def is_arms(this: Quotation) -> str | None:
    return _refuse(bool(_ARMS.match(this.right)))


_IDEA_RIGHT = re.compile(
    r"的?(?:重要|战略|理念|精神|原则|思想|要求|主线|格局|方针|目标|论述|思路|方式|经验|作用|意识|效应|问题|之路|难题|桥梁|纽带|角色|优势|路径|路子"
    r"|效果|氛围|态势|局面|样板|职能|意义|部署|政策|规划|期间|以来|时期|开局|指示|会议|讲话|协作|共识|合力|文章|字诀|法宝|底色|关口|转变|跨越|制度|国家|沿线|倡议"
    r"|标准|标杆|范例|集结号|共鸣曲|新路径|联系|布局|体制|新格局|发展格局|院士|建设者|号(?!召力|线))"
    r"|[一-龥]{0,12}(?:试点|产业带|产业链|产业走廊|产业集群|城市群|都市圈|经济带|经济区|示范区|自贸区)"
)
_IDEA_INSIDE = re.compile(
    r".*(?:圈|链|格局|体系|模式|闭环|矩阵|生态|高地|样板|答卷|清单|标准|效应|速度|力量|故事|声音|方案|经验|之问|之路|密码|难题|中国梦|精神|理念|思想|战略|主义|文明|时代|奇迹|现象|问题|红利|关系|价值|方向|道路|革命|意识|原则|能力|基因|旋律|引擎|名片|之治|之制|之乱|组织|协议|公约|准则|条约|宣言|声明)"
)


def is_idea(this: Quotation) -> str | None:
    if this.noun is not None and not this.noun.modifier:
        return None
    return _refuse(bool(_IDEA_RIGHT.match(this.right)))


_SPOKEN = re.compile(r".*(?:[？?！!。；;…]|[我你咱俺您他]们?(?![家乡])|[了啊呢吗吧嘛呀啦]$|[，,].*[，,])")
_SAYING = re.compile(r"(?:[说道问答讲喊曰]|表示|坦言|直言|感慨|笑言|指出|强调|认为|写着|回应|呼吁|告诉|誓言|口号|标语|谚语|俗话|所谓|之所以)[：:，,]?$")


def is_speech(this: Quotation) -> str | None:
    if _SPOKEN.match(this.surface) and not (this.noun is not None and not this.noun.modifier):
        return ""
    told = this.mark in "：:" and len(this.surface) > 14
    return _refuse(told or (this.noun is None and bool(_SAYING.search(this.left + this.mark))))


_FIGURATIVE = re.compile(
    r"(?:当好|争当|甘当|[充担]当|[争甘]?做|成为|变成|变为|变身|化[为作]|视[为作]|吹响|奏响|奏出|下好|种下|筑牢|架起|架设|拧成|念好|打通|跑出|跑好|交出|按下|绘就|描绘|书写|谱写"
    r"|讲好|厚植|唱好|唱响|打好|端稳|端牢|守好|扩大|迈向|好像|就像|是|实现|坚持|树立|秉承|秉持|强化|增强|突出|破解|解决|拓宽|堪称|誉为|称[为作之]|被称|比作|喻为|形成|创造|凸显|彰显"
    r"|走好|走出|走上|驶入|装上|插上|吃上|端上|过上|扛起|挑起|撑起|点燃|激活|释放|传承|弘扬|发扬|践行|拒绝|告别|摘掉|戴上|避免|防止|陷入|遏制|整治|打破|杜绝|严防|警惕|摆脱|反对|不搞|所谓|遭遇)"
    r"[了起出]?[一-龥]{0,5}$"
)


def is_figurative(this: Quotation) -> str | None:
    """成为社区的“温暖港湾”, 奏响“同心曲”: what the verb makes of the words."""
    return _refuse(this.noun is None and bool(_FIGURATIVE.search(this.left)) and not _naming_verb(this.left))


def has_noun_behind(this: Quotation) -> str | None:
    return kind_of(this.surface, this.noun) if this.noun is not None else None


# Words that stand before a name as its class: 吉祥物“兔圆圆”, 藏文搜索引擎“云藏”.
_CLASS_BEFORE = {
    "吉祥物": "product", "吉祥物形象": "product", "搜索引擎": "platform", "小程序": "platform", "公众号": "platform", "客户端": "platform",
    "App": "platform", "APP": "platform", "大模型": "platform", "平台": "platform", "信贷产品": "platform", "商标": "product", "品牌": "product", "公用品牌": "product",
    "民宿": "place", "驿站": "place", "工作室": "place", "书屋": "place", "热线": "team", "志愿服务队": "team", "志愿队": "team", "团队": "team",
    "栏目": "event", "专栏": "event", "节目": "event", "服务品牌": "project", "工作品牌": "project", "党建品牌": "project"
}  # fmt: skip
_CLASS_LEFT = re.compile(rf"(?:{'|'.join(sorted(_CLASS_BEFORE, key=len, reverse=True))})$")


def has_noun_before(this: Quotation) -> str | None:
    match = _CLASS_LEFT.search(this.left)
    return _CLASS_BEFORE[match.group()] if match else None


_TELLING = frozenset("坊贷驿舍嫂")


def has_noun_inside(this: Quotation) -> str | None:
    kind, use = noun_inside(this.surface)
    if use == "tail" and len(this.surface) > 2 and this.surface[-1] in _TELLING:
        return kind
    return kind if use in ("name", "firm") and len(this.surface) > 3 else None


_DOTTED = re.compile(r"[一-龥A-Za-z0-9 ]{2,}[·•・][一-龥A-Za-z0-9 ]{2,}")


def has_dot(this: Quotation) -> str | None:
    return kind_of(this.surface, None) if _DOTTED.fullmatch(this.surface) else None


# What a verb makes when nothing else tells the kind.
_MAKES = {
    "event": "举办 承办 主办 协办 联办 举行 开设 开办 创办 组织",
    "place": "建成 建起 建立 设立 设置 设有 搭建 办起 改成 改建成 改造成 挂牌 开起 布局 新建 共建 建有 已建",
    "team": "成立 组建 组成 下设 招募 配备 选聘",
    "platform": "上线 开通 开发 推出 发布 研发 运营",
    "product": "培育 注册 研制 种出 申报 创立",
    "project": "打造 启动 开展 实施 发起 创新 创建 创设 推广 叫响 擦亮 打响 做强 做优 探索 推行 深化 参加 参与 命名为 取名 名为 取名为 叫做 名叫 联合开展",
}  # fmt: skip
_MADE = {verb: kind for kind, verbs in _MAKES.items() for verb in verbs.split()}
_NAMING = re.compile(
    rf"({'|'.join(sorted(_MADE, key=len, reverse=True))})"
    r"(?:[了起出的着]|全[国省市县区镇]|[省市县区镇]级|首[个家批支]|一[个批支家所]|系列|线上|本地|各类|特色|年度|\d+[个家所支]|以|\d{4}年?(?:度)?|第.{1,3}届|好"
    r"|[^，的为]{1,5}[省市县区镇乡村]|[一-龥]{1,4}(?:侨联|妇联|残联|商会|社区|青年|侨界|女性|乡贤|校园|民族|文化|特色|红色|志愿))*$"
)
_SLOGAN = re.compile(r"[，、；,;：:的]")
_NO_WORK = re.compile(r"的|改革|工作会|制度|建设(?!工作室)|发展(?!基金)|式|服务(?![队站团台点中平品项活])|问题|安全|意识|治理|管理|教育(?![基活])|旅游|经济|产业|技术|理论|整治|[一-龥]{0,6}(?:模式|改革|承诺|制度|管理|体系|做法|领域|病房|主轴|机遇)")


def _naming_verb(left: str) -> str:
    match = _NAMING.search(left)
    return _MADE[match[1]] if match else ""


def has_naming_verb(this: Quotation) -> str | None:
    made = _naming_verb(this.left)
    if not made or len(this.surface) < 3 or _SLOGAN.search(this.surface) or _NO_WORK.match(this.right) or _IDEA_INSIDE.fullmatch(this.surface):
        return None
    return noun_inside(this.surface)[0] or made


_NAMED = re.compile(r"(?:名[为叫]|叫做|取名|命名为|起名|[，、]叫|^叫)(?:作|了)?$")


def is_named(this: Quotation) -> str | None:
    """一款名叫“湄江翠”的小罐茶."""
    if not _NAMED.search(this.left) or _SLOGAN.search(this.surface):
        return None
    return kind_of(this.surface, noun_behind(this.right[1:]) if this.right.startswith("的") else None)


_CARRIER = re.compile(r"为(?:载体|品牌|平台|阵地)")


def is_carrier(this: Quotation) -> str | None:
    """以“慈善一日捐”为载体: what work is done through."""
    if _CARRIER.match(this.right) and not _SLOGAN.search(this.surface):
        return kind_of(this.surface, None)
    return None


_WORKING = re.compile(
    r"(?:已|共|又|也|还|全年|今年|再次|正式|首次|首批|连续)*(?:走进|开班|开课|开讲|开营|开馆|开园|启用|揭牌|挂牌|落成|征集|接待|调解|惠及|办理|募集|资助|救助|招募"
    r"|开了|办了|举办|吸引|发放|成员|连播|请来|卖出|销往|上门|里$|上$|办到|开到|累计|每[月年周]|现有|共有|自\d{4}|收到|为[^，]{1,10}(?:提供|送去|减|办)|捐资|捐款|用户|注册)"
)


def is_working(this: Quotation) -> str | None:
    """“莞侨法律诊所”走进侨企: the name does the work of the sentence."""
    if len(this.surface) < 3 or _SLOGAN.search(this.surface) or _IDEA_INSIDE.fullmatch(this.surface) or not _WORKING.match(this.right):
        return None
    if this.right.startswith("捐"):
        return "fund"
    return "event" if this.right.startswith(("开课", "开讲", "开班", "举办", "办了", "开了")) else kind_of(this.surface, None)


_CODED = re.compile(r"[一-龥A-Za-z]{2,10}[-—–]?(?:19[5-9]\d|20(?:0[1-9]|[1-4]\d))[A-Z]?")


def is_coded(this: Quotation) -> str | None:
    """“海上联合-2024”: a name with its year."""
    if not _CODED.fullmatch(this.surface):
        return None
    return "event" if re.match(r".{0,6}[演赛节展]", this.right) else "project"


# Read from top to bottom: the first that answers decides.
RULES: tuple[Rule, ...] = (
    Rule("refuse.quote.length", is_too_long, 0.9, "发挥“侨”的优势。"),
    Rule("refuse.quote.policy", is_policy, 0.9, "推进“一带一路”项目。"),
    Rule("refuse.quote.formula", is_formula, 0.9, "打造“党建+网格”品牌。"),
    Rule("refuse.quote.idiom", is_idiom, 0.9, "推行“一村一策”工作法。"),
    Rule("refuse.quote.metaphor", is_metaphor, 0.9, "打造乡亲的“朋友圈”平台。"),
    Rule("refuse.quote.honour", is_honour, 0.9, "荣获全省“敬老文明号”称号。"),
    Rule("refuse.quote.ceremony", is_ceremony, 0.8, "举办“助残日启动仪式”。"),
    Rule("refuse.quote.theme", is_theme, 0.8, "活动以“书香满校园”为主题。"),
    Rule("refuse.quote.arms", is_arms, 0.8, "拦截“飓风”火箭炮系统。"),
    Rule("refuse.quote.idea", is_idea, 0.8, "坚持“群众点单”理念。"),
    Rule("refuse.quote.speech", is_speech, 0.8, "老人说：“今年的饭菜很香。”"),
    Rule("brand.noun-behind", has_noun_behind, 0.9, "实施“雨燕归巢”行动。"),
    Rule("refuse.quote.figurative", is_figurative, 0.8, "社区成为老人的“温暖港湾”。"),
    Rule("brand.noun-before", has_noun_before, 0.8, "发布赛事吉祥物“竹小宝”。"),
    Rule("brand.noun-inside", has_noun_inside, 0.85, "来到“沂蒙红嫂工坊”参观。"),
    Rule("brand.dotted", has_dot, 0.7, "“漓江情·一家亲”在桂林落幕。"),
    Rule("brand.coded", is_coded, 0.7, "参加“山海联合-2021”任务。"),
    Rule("brand.carrier", is_carrier, 0.7, "以“爱心一元捐”为载体募集善款。"),
    Rule("brand.named", is_named, 0.7, "办起一家名叫“竹里馆”的民宿。"),
    Rule("brand.verb", has_naming_verb, 0.65, "上线“滨城侨易办”，方便侨胞。"),
    Rule("brand.working", is_working, 0.6, "“榕树法律课”走进12所学校。"),
)


def judge(surface: str, left: str, right: str, mark: str) -> tuple[Rule | None, str]:
    """The rule that decides a quotation and its kind; None where no rule speaks.

    >>> rule, kind = judge("临贤贷", "推出", "金融服务项目", "出")
    >>> rule.name, kind
    ('brand.noun-behind', 'platform')
    """
    this = Quotation(surface, left, right, mark, noun_behind(right))
    for rule in RULES:
        kind = rule.judge(this)
        if kind is not None:
            return rule, kind
    return None, ""
