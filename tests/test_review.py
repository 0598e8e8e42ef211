"""Promises of the review: what was said is kept as gold lines, and holds in every table at once."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.gold import read_gold
from jianbao.pipeline.corrections import Opinions, correction, read_opinions, write_opinions
from jianbao.pipeline.exporting import export_folder
from jianbao.pipeline.fields import FieldError, fields_of, made, moved
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.overlay import inputs_of, look_at
from jianbao.pipeline.report import write_report
from jianbao.pipeline.reviewed import TABLES
from jianbao.pipeline.run import run
from jianbao.pipeline.summing import sum_up
from made_reviews import FIRST, SECOND, at, bytes_of, change, reviewing, rows_of, standing

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
SUM = {"region": "330113", "dimension": "person_times"}


@pytest.fixture
def out(reviewed_out: Path) -> Path:
    return reviewed_out


# What was said holds in the tables at once.


def test_a_corrected_figure_is_in_the_totals_at_once_with_the_rule_review_and_sure(out: Path) -> None:
    before = rows_of(jianbao.read_tables(out)["totals"], **SUM)
    assert [row["own_low"] for row in before if row["own_count"]] == [Decimal(1700)]
    change(out, "a.txt", "1700余人次", low="17000", high="18000")
    sum_up(out)
    tables = jianbao.read_tables(out)
    [row] = rows_of(tables["indicators"], text="1700余人次")
    assert (row["low"], row["high"], row["rule"], row["confidence"]) == (Decimal(17000), Decimal(18000), "review", 1.0)
    assert [row["own_low"] for row in rows_of(tables["totals"], **SUM) if row["own_count"]] == [Decimal(17000)]
    assert rows_of(tables["ledger"], article="a.txt", start=row["start"])[0]["verdict"] == "counted"


def test_a_rejected_figure_has_no_row_and_no_line_in_the_ledger(out: Path) -> None:
    with reviewing(out) as review:
        found = standing(review, "b.txt", "50万元").record
        review.reject("b.txt", at(found))
    sum_up(out)
    tables = jianbao.read_tables(out)
    assert rows_of(tables["indicators"], text="50万元") == []
    assert rows_of(tables["ledger"], article="b.txt", start=found.start) == []
    assert len(rows_of(tables["ledger"], article="b.txt")) == len(rows_of(tables["indicators"], article="b.txt"))


def test_a_missed_record_that_was_added_stands_where_the_text_has_it(out: Path) -> None:
    start = FIRST.index("法律培训班")
    with reviewing(out) as review:
        review.add("a.txt", "brand", (start, start + 5), {"kind": "event"})
    brands = jianbao.read_tables(out)["brands"]
    assert [row["text"] for row in rows_of(brands, article="a.txt")] == ["侨心驿站", "法律培训班"]
    assert rows_of(brands, text="法律培训班")[0]["brand"] == "法律培训班"
    assert rows_of(brands, text="法律培训班")[0]["sentence"] == "5月，举办法律培训班3期，培训260人。"


def test_an_accepted_record_keeps_its_rule_and_is_sure(out: Path) -> None:
    before = rows_of(jianbao.read_tables(out)["indicators"], text="260人")[0]
    with reviewing(out) as review:
        review.accept("a.txt", at(standing(review, "a.txt", "260人").record))
    after = rows_of(jianbao.read_tables(out)["indicators"], text="260人")[0]
    sure = ("confidence", "confidence_meaning", "confidence_time")
    assert {name: cell for name, cell in after.items() if name not in sure} == {
        name: cell for name, cell in before.items() if name not in sure
    }
    assert [after[name] for name in sure] == [1.0, 1.0, 1.0]


def test_frames_tables_export_report_and_totals_tell_the_same(out: Path, tmp_path: Path) -> None:
    change(out, "b.txt", "120名", measure="资助困难学生")
    with reviewing(out) as review:
        review.reject("a.txt", at(standing(review, "a.txt", "8个").record))
    export_folder(out, "csv", tmp_path / "csv")
    with (tmp_path / "csv" / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        exported = [(row["text"], row["measure"], row["rule"]) for row in csv.DictReader(file)]
    tables, frame = jianbao.read_tables(out), jianbao.frame(out)
    assert exported == [(row["text"], row["measure"], row["rule"]) for row in tables["indicators"].to_dict("records")]
    assert exported == list(zip(frame["text"], frame["measure"].fillna(""), frame["rule"], strict=True))
    assert ("120名", "资助困难学生", "review") in exported
    assert "8个" not in [text for text, *_ in exported]
    page = write_report(out).read_text(encoding="utf-8")
    assert "资助困难学生" in page


def test_the_tables_of_the_run_stay_as_the_run_wrote_them(out: Path) -> None:
    before = bytes_of(out)
    change(out, "a.txt", "36万元", low="1", high="2")
    sum_up(out)
    assert bytes_of(out) == before


def test_rows_stay_in_the_order_of_articles_and_offsets(out: Path) -> None:
    start = SECOND.index("西湖区侨联收到捐款50")
    change(out, "a.txt", "3期", unit="次")
    with reviewing(out) as review:
        review.add("b.txt", "brand", (start, start + 5), {"kind": "team"})
    for name in TABLES:
        rows = jianbao.read_tables(out)[name]
        places = list(zip(rows["article"], rows["start"], strict=True))
        assert places == sorted(places)
        with opened(out) as connection:
            assert connection.execute(f'SELECT article, "start" FROM {name}').fetchall() == places


def test_a_block_for_every_sentence_changes_no_table(tmp_path: Path) -> None:
    run([BULLETINS], tmp_path)
    before = jianbao.read_tables(tmp_path)
    said, done = [], set()
    with opened(tmp_path, review="left") as connection:
        for article in before["articles"]["article"]:
            home, found = look_at(connection, tmp_path, inputs_of(tmp_path), article, list(TABLES))
            assert home.text
            records = [each.record for held in found.values() for each in held]
            for start, end in ((0, len(home.text)),):
                done.add(article)
                inner = [moved(one, -start) for one in records if one.start < end]
                said.append(correction(article, start, home.text, inner, home.published, home.region))
    write_opinions(tmp_path, Opinions(tuple(said)))
    after = jianbao.read_tables(tmp_path)
    assert len(done) == len(before["articles"]) > 20
    assert [name for name in before if not before[name].equals(after[name])] == []


# It is kept as gold lines.


def test_corrections_are_gold_lines_that_anybody_can_read(out: Path) -> None:
    change(out, "b.txt", "50万元", measure="收到善款")
    [gold] = read_gold(out / "review" / "review.txt")
    assert gold.origin is not None
    assert (gold.origin.article, gold.article.text) == ("b.txt", "西湖区侨联收到捐款50万元，资助学生120名。")
    assert SECOND[gold.origin.start :].startswith(gold.article.text)
    assert gold.records.indicators[0].measure == "收到善款"
    assert gold.article.region == "330106"


def test_a_block_edited_by_hand_holds_and_its_comment_stays(out: Path) -> None:
    change(out, "b.txt", "50万元", measure="收到善款")
    path = out / "review" / "review.txt"
    path.write_text(
        path.read_text(encoding="utf-8").replace("@ article", "# 看过\n@ article").replace("收到善款", "善款到账"),
        encoding="utf-8",
    )
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")[0]["measure"] == "善款到账"
    change(out, "a.txt", "260人", measure="受训")
    assert "# 看过" in path.read_text(encoding="utf-8")
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")[0]["measure"] == "善款到账"


def test_what_is_written_by_hand_while_the_page_is_open_is_not_lost(out: Path) -> None:
    with reviewing(out) as review:
        found = standing(review, "b.txt", "50万元").record
        review.correct("b.txt", at(found), (found.start, found.end), {**fields_of(found), "measure": "甲"})
        path = out / "review" / "review.txt"
        path.write_text(path.read_text(encoding="utf-8").replace("|甲|", "|乙款|"), encoding="utf-8")
        review.accept("a.txt", at(standing(review, "a.txt", "3期").record))
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")[0]["measure"] == "乙款"


def test_records_that_overlap_are_kept_in_two_blocks_of_one_text(out: Path) -> None:
    start = SECOND.index("资助学生120名")
    with reviewing(out) as review:
        review.add("b.txt", "brand", (start, start + 8), {"kind": "project"})
        review.add("b.txt", "brand", (start + 2, start + 8), {"kind": "event"})
        held_now = [each.record.text for each in review.sheet("b.txt").standing]
    assert {"资助学生120名", "学生120名", "120名"} <= set(held_now)
    assert len(read_gold(out / "review" / "review.txt")) == 3
    assert len(read_opinions(out).corrections) == 1


def test_a_part_keeps_its_whole_where_another_figure_reads_the_same(tmp_path: Path) -> None:
    text = "临平区侨联募集善款30万元，发放30万元，其中助学10万元。"
    first, second, part = text.index("30万元"), text.rindex("30万元"), text.index("10万元")
    usual = {"low": "300000", "unit": "元", "dimension": "money"}
    one, other = (made("indicator", at, at + 4, "30万元", usual) for at in (first, second))
    share = made("indicator", part, part + 4, "10万元", {**usual, "low": "100000", "part_of": f"{first}-{first + 4}"})
    told = correction("a.txt", 0, text, [one, other, share], None, None)
    assert "part=#1" in told.written
    write_opinions(tmp_path, Opinions((told,)))
    assert read_opinions(tmp_path).corrections[0].records == (one, other, share)


def test_taking_back_restores_what_was_said_before(out: Path) -> None:
    with reviewing(out) as review:
        before = review.opinions
        review.accept("a.txt", at(standing(review, "a.txt", "3期").record))
        review.reject("b.txt", at(standing(review, "b.txt", "50万元").record))
        assert review.done() == {"accept": 1, "reject": 1, "correct": 0}
        assert review.undo() == "b.txt"
        assert standing(review, "b.txt", "50万元").number is not None
        assert review.undo() == "a.txt"
        assert review.opinions == before
        assert review.undo() is None
        assert review.done() == {"accept": 0, "reject": 0, "correct": 0}
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")


def test_what_is_least_sure_comes_first_and_what_was_said_comes_no_more(out: Path) -> None:
    sure = []
    with reviewing(out) as review:
        for place in range(review.count()):
            entry = review.entry(place)
            [found] = [
                each.record
                for each in review.sheet(entry.article).found
                if (TABLES_OF[entry.sort], each.number) == (table_of(each.record), entry.number)
            ]
            sure.append(
                min(getattr(found, name, 1.0) for name in ("confidence", "confidence_meaning", "confidence_time"))
            )
        assert sure == sorted(sure)
        first = review.next(-1)
        assert first is not None
        [found] = [
            each.record
            for each in review.sheet(first.article).found
            if (table_of(each.record), each.number) == (TABLES_OF[first.sort], first.number)
        ]
        review.accept(first.article, at(found))
        again = review.next(-1)
        assert again is not None
        assert again.place > first.place


TABLES_OF = {sort: table for table, sort in TABLES.items()}


def table_of(record: Any) -> str:
    return TABLES_OF[at(record).sort]


def test_the_parts_of_a_rejected_figure_are_parts_of_nothing(out: Path) -> None:
    with reviewing(out) as review:
        part = standing(review, "a.txt", "12万元").record
        assert getattr(part, "part_of", None) is not None
        review.reject("a.txt", at(standing(review, "a.txt", "36万元").record))
        assert getattr(standing(review, "a.txt", "12万元").record, "part_of", 0) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"low": "many"}, "low"),
        ({"low": "5", "high": "4"}, "high"),
        ({"dimension": "luck"}, "dimension"),
        ({"region": "999999"}, "region"),
        ({"period_start": "2023-02-30"}, "period_start"),
        ({"period_start": "2023-05-01", "period_end": "2022-05-01"}, "period_end"),
        ({"part_of": "1-2"}, "part_of"),
        ({"measure": "字" * 401}, "measure"),
        ({"measure": "两\n行"}, "measure"),
        ({"status": "maybe"}, "status"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name_and_nothing_is_written(
    out: Path, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(FieldError) as raised:
        change(out, "b.txt", "50万元", **fields)
    assert raised.value.field == field
    assert not (out / "review").exists()
