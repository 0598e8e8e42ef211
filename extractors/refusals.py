"""What is no indicator: a table of named rules, read from top to bottom; the first that answers refuses the number.

Each rule sees the scene and the candidate with its nouns. The example beside it shows a number that it refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from string import ascii_letters, digits

from ..corpus.lexicons import LONGEST, REFUSED, Words, lexical, own
from .candidates import Candidate
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
    barred_behind,
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


# Characters of which one stands before or behind every number that a rule refuses: a quick look spares most rules. A
# modifier, a leading zero (1 2 0人: 0人) and the start or end of the text may stand for any of them.
BEFORE = {
    "refuse.ordinal": "第",
    "refuse.rank": "前列",
    "refuse.torn": " \n",
    "refuse.letter-code": f"{ascii_letters}{digits}._/#№-＋+—Ⅱ",
    "refuse.per-base": "每均\n",
    "refuse.threshold": "破亩于到满",
    "refuse.party": "等",
}
BEHIND = {"refuse.formula": "+＋×xX", "refuse.class": "级型档制版强佳优星代维元"}  # and what `barred_behind` tells
# Units of which bare scales are classes, whatever stands behind them: 万吨, 百千瓦.
_CLASS_UNITS = frozenset({"千瓦", "吨", "兆瓦"})
_IN_QUOTES = frozenset({"refuse.title", "refuse.name"})


def _bits(names: Iterable[str]) -> int:
    """The rules of these names as bits of a number, in the order of the table."""
    wanted = set(names)
    return sum(1 << place for place, (name, *_) in enumerate(RULES) if name in wanted)


class _Sieve:
    """Tells by kind and neighbours of a number which rules can refuse it, each as a bit."""

    def __init__(self) -> None:
        self.quoted = _bits(_IN_QUOTES)
        self.all = _bits(name for name, *_ in RULES)
        self.before, self.before_others = self._beside(BEFORE)
        self.behind, self.behind_others = self._beside({**BEHIND, "refuse.other-word": barred_behind()})
        self._classes = _bits({"refuse.class"})

    def _beside(self, table: Mapping[str, str]) -> tuple[dict[str, int], int]:
        """For each character the rules that can hold beside it, and those that hold beside any."""
        others = self.all & ~_bits(table)
        told = {"": self.all}
        for character in set("".join(table.values())):
            told[character] = others | _bits(name for name, characters in table.items() if character in characters)
        return told, others

    def beside(self, this: Numbered) -> int:
        """The rules that can hold between the characters around a number."""
        found = this.candidate
        if found.before or found.behind or found.numeral[0] == "0":
            return self.all
        before = self.before.get(this.last, self.before_others)
        return before & (
            self.behind.get(this.next, self.behind_others) | (self._classes * (found.unit in _CLASS_UNITS))
        )


@lexical
def _sieve() -> _Sieve:
    return _Sieve()


@cache
def _applying(unit: str, dimension: str, needs: str, form: str) -> int:
    """The rules for one kind of unit and numeral, as bits."""
    scopes = {"any", unit, dimension, needs, *form.split()}
    return _bits(name for name, _, scope, _ in RULES if scopes.intersection(scope.split()))


@cache
def _told(bits: int) -> tuple[tuple[str, Rule], ...]:
    """The rules that are bits of a number, in the order of the table."""
    return tuple((name, rule) for place, (name, rule, _, _) in enumerate(RULES) if bits >> place & 1)


# What a domain says is no indicator: refused before any rule of the table is asked.
OWN = "refuse.domain"


@lexical
def _refused() -> Words | None:
    """The words that a domain refuses."""
    words = [word for (word,) in own(REFUSED)]
    return Words(words) if words else None


def _is_refused(scene: Scene, found: Candidate, words: Words) -> bool:
    """Whether a word holds the number, and its unit where there is one."""
    floor, ceiling = max(0, found.start - LONGEST), found.end + LONGEST
    end = max(found.unit_end, found.number_start + len(found.numeral))
    return any(word.start <= found.number_start and end <= word.end for word in words.find(scene.text, floor, ceiling))


def refusal(scene: Scene, this: Numbered) -> str | None:
    """Name of the first rule that refuses the number; None where it stands."""
    found, sieve, words = this.candidate, _sieve(), _refused()
    if words is not None and _is_refused(scene, found, words):
        return OWN
    bits = applying(found) & sieve.beside(this)
    if bits & sieve.quoted and scene.quoted(found.start, found.end) is None:
        bits &= ~sieve.quoted
    for name, rule in _told(bits):
        if rule(scene, this):
            return name
    return None


def applying(found: Candidate) -> int:
    """The rules that apply to a candidate, whatever stands beside it, as bits."""
    numeral = found.numeral
    form = "point" if "." in numeral or "．" in numeral else "plain"
    if not numeral[0].isdigit():
        form += " words"
    return _applying(found.unit, found.dimension, found.needs, form)


def plainly(scene: Scene, this: Numbered) -> str | None:
    """The same as `refusal` without a look at the neighbours, to test it."""
    return next((name for name, rule in _told(applying(this.candidate)) if rule(scene, this)), None)
