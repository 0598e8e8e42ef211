"""What is no indicator: a table of named rules, read from top to bottom; the first that answers refuses the number.

Each rule sees the scene and the candidate with its nouns. The example beside it shows a number that it refuses.
"""

from __future__ import annotations

from functools import cache

from .numbered import Numbered, Rule
from .scene import Scene
from .sense import (
    is_class,
    is_decimal_count,
    is_duration,
    is_nature,
    is_party,
    is_per_base,
    is_rank,
    is_size_class,
    is_speed,
    is_threshold,
    is_without_noun,
)
from .wording import (
    is_arabic_needed,
    is_article,
    is_formula,
    is_in_name,
    is_in_title,
    is_letter_code,
    is_list_sum,
    is_ordinal,
    is_other_word,
    is_paired,
    is_phrase,
    is_place_compound,
    is_place_name,
    is_session,
    is_slogan,
    is_torn,
    is_zero_word,
)

# name, rule, where it applies, an example that it refuses. It applies to `any` number, to one in Chinese `words`, to units of
# one kind (the `needs` column of the unit lexicon), to numerals with a `point`, or to the units and dimensions it names.
RULES: tuple[tuple[str, Rule, str, str], ...] = (
    ("refuse.ordinal", is_ordinal, "any", "第九批"),
    ("refuse.duration", is_duration, "duration", "连续12年"),
    ("refuse.rank", is_rank, "位 名 家 个 强 市 省 人 项", "居全国前10位"),
    ("refuse.title", is_in_title, "any", "《十项措施》"),
    ("refuse.name", is_in_name, "any", "“百企联百村”"),
    ("refuse.phrase", is_phrase, "words", "千家万户"),
    ("refuse.place-name", is_place_name, "words", "三门县"),
    ("refuse.paired", is_paired, "words", "一镇一业"),
    ("refuse.torn", is_torn, "any", "1 2 0人"),
    ("refuse.zero", is_zero_word, "words", "零部件"),
    ("refuse.letter-code", is_letter_code, "any", "V11套"),
    ("refuse.formula", is_formula, "any", "1个+2个+N个"),
    ("refuse.other-word", is_other_word, "any", "11部门"),
    ("refuse.session", is_session, "届 次 期", "十四届三次会议"),
    ("refuse.decimal-count", is_decimal_count, "point", "2.3本"),
    ("refuse.class", is_class, "any", "万吨级"),
    ("refuse.per-base", is_per_base, "any", "每万人"),
    ("refuse.threshold", is_threshold, "any", "亿元以上项目"),
    ("refuse.size-class", is_size_class, "words", "百亿元产业"),
    ("refuse.speed", is_speed, "length", "时速350公里"),
    ("refuse.nature", is_nature, "length 只 头 羽 群 尾", "海拔3200米"),
    ("refuse.list-sum", is_list_sum, "list", "五大主题"),
    ("refuse.slogan", is_slogan, "words", "三个方面"),
    ("refuse.article", is_article, "words", "一批"),
    ("refuse.place-compound", is_place_compound, "place", "三省一市"),
    ("refuse.figures-needed", is_arabic_needed, "arabic", "二手"),
    ("refuse.no-noun", is_without_noun, "noun", "两亿不止"),
    ("refuse.party", is_party, "个 家", "民政部等三个部门"),
)


@cache
def _applying(unit: str, dimension: str, needs: str, form: str) -> tuple[tuple[str, Rule], ...]:
    """The rules for one kind of unit and numeral, in the order of the table."""
    scopes = {"any", unit, dimension, needs, *form.split()}
    return tuple((name, rule) for name, rule, scope, _ in RULES if scopes.intersection(scope.split()))


def refusal(scene: Scene, this: Numbered) -> str | None:
    """Name of the first rule that refuses the number; None where it stands."""
    found = this.candidate
    form = "point" if "." in found.numeral or "．" in found.numeral else "plain"
    if not found.numeral[0].isdigit():
        form += " words"
    for name, rule in _applying(found.unit, found.dimension, found.needs, form):
        if rule(scene, this):
            return name
    return None
