"""Figures in, those that no sum may hold out: the reasons, in the order in which they are asked, each with an example.

The table `figures` has for each indicator: id, article, start, end, region (in the divisions asked for; NULL unknown), split
(several divisions hold it), land (the region; as told where it is now a part of another), dimension, unit, activity, measure and brand (in simplified script), low, high, bound, planned,
per, whole_start and whole_end (part_of), repeat (of its article), published, since and until (the period as far as it was
over on the day of publication), due (whether it belongs to the year asked for), said (the sentence, letters and figures
alone), figure (the same of its text), heading (of the title of its article). `verdicts` gets id, reason and other: the id of the figure that stands instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONG_ENOUGH = 12
"""Letters of a sentence that can be told twice; `培训20人次。` says too little to be one statement."""
MANY = 64
"""Different sentences with one figure in an article; where there are more it is a table, and none is sought in another."""
DAYS = 31
"""How long after its period a figure may be told without it."""
NEAR = 14
"""Within how many days of the first telling another article tells the same undated figure."""
LARGEST = 10**18

_DIGIT = "[0-9〇零一二三四五六七八九十百千万亿两]"
_WHAT = "land, dimension, unit, what, brand"
# Of the articles that tell one figure: that which tells it most often, then the earliest, then by name.
_TELLERS = """
    tellers AS (SELECT {group}, article, count(*) AS times, any_value(published) AS day FROM same GROUP BY ALL),
    ranked AS (SELECT {group}, article, row_number() OVER (
        PARTITION BY {group} ORDER BY times DESC, day NULLS LAST, article) AS place FROM tellers),
    chosen AS (SELECT {group}, r.article, min_by(s.id, s."start") AS first FROM ranked r JOIN same s USING ({group}, article)
        WHERE place = 1 GROUP BY ALL)
    SELECT s.id, c.first AS other FROM same s JOIN chosen c USING ({group}) WHERE s.article <> c.article"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is left out: the name in the ledger, an example, and the SQL that finds such figures among those that remain."""

    name: str
    example: str
    sql: str


def _where(condition: str) -> str:
    return f"SELECT id, NULL::BIGINT AS other FROM remaining WHERE {condition}"


REASONS = (
    Reason("repeat", "转载、摘编的文章", _where("repeat")),
    Reason("planned", "计划募集100万元", _where("planned")),
    Reason("ratio", "增长5.5%", _where("dimension = 'ratio'")),
    Reason("per", "年人均增收3000元", _where("per <> ''")),
    Reason("no_region", "不知道是哪里的工作", _where("region IS NULL AND NOT split")),
    Reason("region_split", "按2023年的区划，2018年的江干区分入两区", _where("split")),
    Reason(
        "out_of_range",
        "大到不可能的数",
        _where(f"low IS NULL OR high IS NULL OR abs(low) >= {LARGEST} OR abs(high) >= {LARGEST}"),
    ),
    Reason("other_year", "只要2023年的数，这是2022年的", _where("NOT due")),
    Reason(
        "part",
        "到位资金28亿元，其中产业投资26.4亿元",
        # A recursion keeps in memory all that it joins: so the wholes are found before, and they are few.
        """WITH RECURSIVE line AS (
            SELECT id, whole, is_left FROM wholes WHERE id IN (SELECT id FROM remaining)
            UNION
            SELECT line.id, w.whole, w.is_left FROM line JOIN wholes w ON w.id = line.whole
            WHERE w.whole <> line.id AND NOT line.is_left)
        SELECT id, any_value(whole) AS other FROM line WHERE is_left GROUP BY id""",
    ),
    Reason(
        "retold",
        "标题与正文各说一遍",
        """WITH others AS (SELECT article, region, dimension, unit, low, high, min_by(id, "start") AS first FROM remaining
            WHERE said <> heading GROUP BY ALL)
        SELECT r.id, o.first AS other FROM remaining r JOIN others o USING (article, region, dimension, unit, low, high)
        WHERE r.said <> '' AND r.said = r.heading""",
    ),
    Reason(
        "retold",
        "导语与正文各说一遍",
        f"""WITH told AS (SELECT *, row_number() OVER same AS nth, first_value(id) OVER same AS first,
            CASE WHEN figure = '' THEN 1 ELSE greatest(1, (length(said) - length(replace(said, figure, ''))) // length(figure)
                - len(regexp_extract_all(said, '{_DIGIT}' || regexp_escape(figure)))) END AS times
            FROM remaining WHERE length(said) >= {LONG_ENOUGH}
            WINDOW same AS (PARTITION BY article, region, dimension, unit, low, high, said, figure ORDER BY "start", "end"))
        SELECT id, first AS other FROM told WHERE nth > times""",
    ),
    Reason(
        "retold",
        "图片说明只说了正文的半句",
        f"""WITH sentences AS (SELECT article, region, dimension, unit, low, high, said, min_by(id, "start") AS first
            FROM remaining WHERE length(said) >= {LONG_ENOUGH} GROUP BY ALL),
        few AS (SELECT * FROM sentences QUALIFY count(*) OVER (PARTITION BY article, region, dimension, unit, low, high)
            BETWEEN 2 AND {MANY}),
        within AS (SELECT a.article, a.region, a.dimension, a.unit, a.low, a.high, a.said,
            max_by(b.first, (length(b.said), -b.first)) AS other
            FROM few a JOIN few b USING (article, region, dimension, unit, low, high)
            WHERE length(a.said) < length(b.said) AND contains(b.said, a.said)
            GROUP BY ALL)
        SELECT o.id, w.other FROM remaining o JOIN within w USING (article, region, dimension, unit, low, high, said)""",
    ),
    Reason(
        "same_figure",
        "两篇文章都说2023年走访1700余人次",
        f"""WITH same AS (SELECT *, coalesce(since, DATE '0001-01-01') AS first_day, coalesce(until, DATE '9999-12-31') AS last_day
            FROM remaining WHERE since IS NOT NULL OR until IS NOT NULL), {
            _TELLERS.format(group=f"{_WHAT}, low, high, first_day, last_day")
        }""",
    ),
    Reason(
        "same_figure",
        "总结说3月5日捐赠2万元，快讯只说捐赠2万元",
        f"""WITH told AS (SELECT f.*, v.id IS NOT NULL AS again FROM figures f LEFT JOIN verdicts v USING (id)
            WHERE v.id IS NULL OR v.reason = 'same_figure'),
        dated AS (SELECT {_WHAT}, low, high, since, until, list(DISTINCT article) AS articles,
            first(id ORDER BY again, published NULLS LAST, article, "start") AS first
            FROM told WHERE since IS NOT NULL OR until IS NOT NULL GROUP BY ALL)
        SELECT o.id, first(d.first ORDER BY d.until NULLS LAST, d.since NULLS FIRST) AS other
        FROM remaining o JOIN dated d USING ({_WHAT}, low, high)
        WHERE o.since IS NULL AND o.until IS NULL AND NOT list_contains(d.articles, o.article) AND (o.published IS NULL OR (
            (d.since IS NULL OR d.since <= o.published) AND (d.until IS NULL OR o.published <= d.until + {DAYS})))
        GROUP BY o.id""",
    ),
    Reason(
        "same_figure",
        "两家网站几天之内都说近日慰问侨胞50户",
        f"""WITH RECURSIVE undated AS (
            SELECT *, coalesce(published, min(published) OVER (PARTITION BY {
            _WHAT
        }, low, high), DATE '0001-01-01') AS day
            FROM remaining WHERE since IS NULL AND until IS NULL),
        begun AS (SELECT {_WHAT}, low, high, min(day) AS piece FROM undated GROUP BY ALL
            UNION ALL
            SELECT {_WHAT}, low, high, min(u.day) FROM begun b JOIN undated u USING ({_WHAT}, low, high)
            WHERE u.day > b.piece + {NEAR} GROUP BY ALL),
        same AS (SELECT u.*, b.piece FROM undated u JOIN begun b USING ({_WHAT}, low, high)
            WHERE u.day BETWEEN b.piece AND b.piece + {NEAR}), {_TELLERS.format(group=f"{_WHAT}, low, high, piece")}""",
    ),
)


_WHOLES = """CREATE TABLE wholes AS
    SELECT p.id, w.id AS whole, w.id NOT IN (SELECT id FROM verdicts) AS is_left
    FROM (SELECT id, article, whole_start, whole_end FROM figures WHERE whole_start IS NOT NULL) p
    JOIN figures w ON w.article = p.article AND w."start" = p.whole_start AND w."end" = p.whole_end AND w.id <> p.id"""


def pass_verdicts(connection: DuckDBPyConnection) -> None:
    """Ask each reason in turn of the figures that no earlier one left out."""
    connection.execute("CREATE TABLE verdicts (id BIGINT, reason VARCHAR, other BIGINT)")
    connection.execute("CREATE VIEW remaining AS SELECT * FROM figures WHERE id NOT IN (SELECT id FROM verdicts)")
    for reason in REASONS:
        if reason.name == "part":
            connection.execute(_WHOLES)
        connection.execute(f"INSERT INTO verdicts SELECT id, '{reason.name}', other FROM ({reason.sql})")
    _keep_longest(connection)
    connection.execute("DROP VIEW remaining")
    connection.execute("DROP TABLE wholes")


def _keep_longest(connection: DuckDBPyConnection) -> None:
    """Of stocks and flows of one thing whose periods overlap the longest counts, of equally long ones the latest.

    截至2021年底50个 and 截至2022年底60个: the second (`reported_again`); 上半年30场 and 全年80场: the second (`reported_again`);
    5年来660个 and 2023年120个: the first (`overlap`). Periods that share no day all count. Of several articles that tell
    one thing of one period otherwise (300户, then revised 320户) one counts.
    """
    connection.execute(_REVISED)
    connection.execute(_TOLD)
    connection.execute(_RIVALS)
    connection.execute("CREATE TABLE fallen (telling BIGINT, reason VARCHAR, other BIGINT)")
    while _count(connection, "rivals"):
        connection.execute(_BEST)
        connection.execute(_FALLEN)
        connection.execute(
            "DELETE FROM rivals WHERE telling IN (SELECT telling FROM best UNION SELECT telling FROM fallen)"
        )
        connection.execute("DROP TABLE best")
    connection.execute("INSERT INTO verdicts SELECT t.id, f.reason, f.other FROM told t JOIN fallen f USING (telling)")
    for name in ("told", "rivals", "fallen"):
        connection.execute(f"DROP TABLE {name}")


def _count(connection: DuckDBPyConnection, table: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    return int(count)


# Of a period longer than a day one article counts: that which tells most, then the latest.
_REVISED = f"""INSERT INTO verdicts WITH told AS (
        SELECT * FROM remaining WHERE measured AND (since IS NOT NULL OR until IS NOT NULL) AND since IS DISTINCT FROM until),
    tellers AS (SELECT {_WHAT}, since, until, article, count(*) AS times, any_value(published) AS day,
        min_by(id, "start") AS first FROM told GROUP BY ALL),
    ranked AS (SELECT *, row_number() OVER every AS place, first_value(first) OVER every AS other FROM tellers
        WINDOW every AS (PARTITION BY {_WHAT}, since, until ORDER BY times DESC, day DESC NULLS LAST, article))
    SELECT t.id, 'reported_again', r.other FROM told t JOIN ranked r USING ({_WHAT}, article)
    WHERE r.place > 1 AND t.since IS NOT DISTINCT FROM r.since AND t.until IS NOT DISTINCT FROM r.until"""
# The figures of one thing with their period; those of one period are one telling, named by its first id.
_TOLD = f"""CREATE TABLE told AS SELECT id, {_WHAT}, since, published, article, "start",
    min(id) OVER (PARTITION BY {_WHAT}, since, until) AS telling,
    coalesce(since, DATE '0001-01-01') AS first_day,
    greatest(coalesce(until, DATE '9999-12-31'), first_day) AS last_day,
    CASE WHEN until IS NULL THEN -1 WHEN since IS NULL THEN {LARGEST} ELSE last_day - first_day END AS days
    FROM remaining WHERE measured AND (since IS NOT NULL OR until IS NOT NULL)"""
# Tellings of one thing in runs of periods that overlap; a run of one has no rival.
_RIVALS = f"""CREATE TABLE rivals AS WITH tellings AS (
        SELECT telling, {_WHAT}, since, first_day, last_day, days,
            first(id ORDER BY published NULLS LAST, article, "start") AS first FROM told GROUP BY ALL),
    spans AS (SELECT *, max(last_day) OVER (PARTITION BY {_WHAT} ORDER BY first_day, last_day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM tellings),
    runs AS (SELECT *, count_if(before IS NULL OR first_day > before)
        OVER (PARTITION BY {_WHAT} ORDER BY first_day, last_day) AS run FROM spans)
    SELECT telling, since, first_day, last_day, days, first, min(telling) OVER (PARTITION BY {_WHAT}, run) AS rivalry
    FROM runs QUALIFY count(*) OVER (PARTITION BY {_WHAT}, run) > 1"""
_BEST = """CREATE TABLE best AS SELECT * FROM rivals
    QUALIFY row_number() OVER (PARTITION BY rivalry ORDER BY days DESC, last_day DESC, first_day) = 1"""
_FALLEN = """INSERT INTO fallen SELECT r.telling,
    CASE WHEN r.since IS NOT DISTINCT FROM b.since THEN 'reported_again' ELSE 'overlap' END, b.first
    FROM rivals r JOIN best b USING (rivalry)
    WHERE r.telling <> b.telling AND r.first_day <= b.last_day AND b.first_day <= r.last_day"""
