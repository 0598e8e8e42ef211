"""Promises of the review: what was said is kept as gold lines, holds in every table at once, and survives the next run."""

from __future__ import annotations

import csv
import json
import logging
import re
import shutil
import textwrap
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from click.testing import CliRunner
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.gold import Origin, parse_gold, read_gold
from jianbao.pipeline.command import main
from jianbao.pipeline.corrections import Opinions, correction, read_opinions, write_opinions
from jianbao.pipeline.exporting import export_folder
from jianbao.pipeline.fields import FieldError, fields_of, made, moved
from jianbao.pipeline.lock import held
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.overlay import inputs_of, look_at
from jianbao.pipeline.report import write_report
from jianbao.pipeline.review_gold import reviewed_gold
from jianbao.pipeline.review_page import DESK
from jianbao.pipeline.reviewed import TABLES
from jianbao.pipeline.run import run
from jianbao.pipeline.summing import sum_up
from jianbao.pipeline.training import train
from made_reviews import FIRST, SECOND, at, made_out, reviewing, rows_of, standing

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
SUM = {"region": "330113", "dimension": "person_times"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over two bulletins."""
    return made_out(tmp_path_factory.mktemp("pristine"))


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change, its inputs beside it."""
    shutil.copytree(pristine.parent, tmp_path / "run")
    folder = tmp_path / "run" / "out"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["inputs"] = [str(tmp_path / "run" / "in")]
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def change(out: Path, article: str, text: str, **fields: str) -> None:
    """Correct fields of the indicator with that wording."""
    with reviewing(out) as review:
        found = standing(review, article, text).record
        review.correct(article, at(found), (found.start, found.end), {**fields_of(found), **fields})


def bytes_of(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.csv").read_bytes() for name in ("articles", "indicators", "brands", "activities")}


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(each) for each in arguments])


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


# The next run.


def test_corrections_survive_the_next_run_and_are_in_its_totals(out: Path) -> None:
    change(out, "a.txt", "1700余人次", low="17000", high="18000")
    before = bytes_of(out)
    run([out.parent / "in"], out)
    assert bytes_of(out) == before
    told = jianbao.read_tables(out)
    assert [row["own_low"] for row in rows_of(told["totals"], **SUM) if row["own_count"]] == [Decimal(17000)]
    assert rows_of(told["indicators"], text="1700余人次")[0]["rule"] == "review"


def test_a_correction_is_found_again_where_offsets_moved(out: Path) -> None:
    change(out, "a.txt", "260人", measure="受训侨眷")
    with reviewing(out) as review:
        review.accept("a.txt", at(standing(review, "a.txt", "36万元").record))
    (out.parent / "in" / "a.txt").write_text(
        FIRST.replace("今年以来，", "春暖花开时节，全区上下一心。\n今年以来，"), encoding="utf-8"
    )
    run([out.parent / "in"], out)
    rows = jianbao.read_tables(out)["indicators"]
    [row] = rows_of(rows, text="260人")
    assert (row["measure"], row["rule"]) == ("受训侨眷", "review")
    assert rows_of(rows, text="36万元")[0]["confidence"] == 1.0
    text = (out.parent / "in" / "a.txt").read_text(encoding="utf-8")
    assert text[row["start"] : row["end"]] == "260人"


def test_a_correction_whose_text_is_gone_is_told_and_kept(out: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(out, "a.txt", "260人", measure="受训侨眷")
    kept = (out / "review" / "review.txt").read_bytes()
    (out.parent / "in" / "a.txt").write_text(FIRST.replace("培训260人", "培训300人"), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        run([out.parent / "in"], out)
    assert "review.txt:5" in caplog.text
    assert "no longer stands" in caplog.text
    assert (out / "review" / "review.txt").read_bytes() == kept
    assert rows_of(jianbao.read_tables(out)["indicators"], text="300人")
    with reviewing(out) as review:
        assert [one.why for one in review.lost] == ["gone"]
        review.accept("b.txt", at(standing(review, "b.txt", "120名").record))
    assert "受训侨眷" in (out / "review" / "review.txt").read_text(encoding="utf-8")


def test_an_acceptance_holds_for_the_reading_that_was_accepted_alone(out: Path) -> None:
    with reviewing(out) as review:
        review.accept("b.txt", at(standing(review, "b.txt", "50万元").record))
    path = out / "indicators.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("500000,500000", "500000,600000"), encoding="utf-8-sig"
    )
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")[0]["confidence"] < 1.0
    with reviewing(out) as review:
        assert review.done()["accept"] == 0


def test_without_the_text_corrections_hold_where_they_stood(out: Path) -> None:
    change(out, "b.txt", "120名", measure="资助困难学生")
    shutil.rmtree(out.parent / "in")
    assert rows_of(jianbao.read_tables(out)["indicators"], text="120名")[0]["measure"] == "资助困难学生"


# Learning.


def test_only_sentences_that_were_gone_through_are_learned_from(out: Path) -> None:
    with reviewing(out) as review:
        review.accept("b.txt", at(standing(review, "b.txt", "50万元").record))
    assert reviewed_gold(out) == []
    with reviewing(out) as review:
        for each in review.sheet("b.txt").standing:
            review.accept("b.txt", at(each.record))
    texts = [gold.article.text for gold in reviewed_gold(out)]
    assert "西湖区侨联收到捐款50万元，资助学生120名。" in texts
    [gold] = [gold for gold in reviewed_gold(out) if "50万元" in gold.article.text]
    assert [one.text for one in gold.records.indicators] == ["50万元", "120名"]


def test_a_block_written_by_hand_is_learned_from(out: Path) -> None:
    sentence = "5月，举办法律培训班3期，培训260人。"
    (out / "review").mkdir()
    (out / "review" / "review.txt").write_text(
        f"@ article=a.txt start={FIRST.index(sentence)} region=330113\n"
        "5月，举办法律培训班[3期|3|期|events|举办法律培训班|rights]，培训260人。<rights>\n",
        encoding="utf-8",
    )
    [gold] = reviewed_gold(out)
    assert ([one.text for one in gold.records.indicators], gold.article.text) == (["3期"], sentence)
    assert rows_of(jianbao.read_tables(out)["indicators"], text="260人") == []


def test_training_takes_reviews_in_and_its_packs_say_so(out: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    gold = tmp_path / "gold"
    gold.mkdir()
    shutil.copy(Path(jianbao.__file__).parent / "corpus" / "gold" / "bulletins_qiaolian.txt", gold)
    with reviewing(out) as review:
        for each in review.sheet("b.txt").standing:
            review.accept("b.txt", at(each.record))
    alone = train(gold, tmp_path / "alone")
    told = invoke("train", "--gold", gold, "--review", out, "--out", tmp_path / "both")
    assert told.exit_code == 0, told.output
    packs = [json.loads((tmp_path / name / "types.json").read_text(encoding="utf-8")) for name in ("alone", "both")]
    assert packs[0]["gold"] != packs[1]["gold"]
    assert f"{alone['types']} cases" not in told.output
    assert "sentences of reviews taken in" in told.output


# What is wrong.


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("review.txt", "@ article=a.txt start=0\n[30户|三十|户|households||]\n", "review.txt:2"),
        ("review.txt", "走访[30户|30|户|households|走访|visit]。\n", "review.txt:1"),
        ("review.txt", "@ article=a.txt start=x\n走访。\n", "review.txt:1"),
        ("review.txt", "@ article=a.txt start=0\n\n# 空\n\n走访{侨舍|palace}。\n", "review.txt:5"),
        ("review.txt", b"@ article=a.txt start=0\n\xff\xfe\n", "review.txt:2"),
        ("verdicts.jsonl", '{"said": "accept"}\n', "verdicts.jsonl:1"),
        ("verdicts.jsonl", "\n{]\n", "verdicts.jsonl:2"),
    ],
)
@pytest.mark.parametrize("command", ["totals", "review"])
def test_a_broken_line_is_told_on_one_line_with_status_two(
    out: Path, file: str, text: str | bytes, told: str, command: str
) -> None:
    (out / "review").mkdir()
    (out / "review" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    answer = invoke(command, out, *(["--no-browser"] if command == "review" else []))
    assert answer.exit_code == 2, answer.output
    assert told in answer.output
    assert len(answer.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda out: shutil.rmtree(out), "no record of a run"),
        (lambda out: (out / "run.json").write_text('{"version": "0.1.0", "state": "extracting"}'), "not done"),
        (lambda out: (out / "brands.csv").unlink(), "no such table"),
        (lambda out: (out / "indicators.csv").write_text("article,number\r\n"), "another version"),
    ],
)
def test_what_is_wrong_with_the_folder_is_told_on_one_line(
    out: Path, spoil: Callable[[Path], object], told: str
) -> None:
    spoil(out)
    answer = invoke("review", out, "--no-browser")
    assert answer.exit_code == 2, answer.output
    assert told in answer.output
    assert len(answer.output.splitlines()) == 1


def test_one_review_at_a_time(out: Path) -> None:
    with held(out):
        answer = invoke("review", out, "--no-browser")
    assert answer.exit_code == 2
    assert "another run writes here" in answer.output


def test_a_record_that_is_there_no_more_is_told(out: Path) -> None:
    with reviewing(out) as review:
        place = at(standing(review, "b.txt", "50万元").record)
        review.reject("b.txt", place)
        with pytest.raises(InputError, match="load the page again"):
            review.accept("b.txt", place)
        with pytest.raises(InputError, match="no such article"):
            review.reject("../b.txt", place)


def test_a_folder_that_cannot_be_written_is_told(out: Path) -> None:
    (out / "review").write_text("a file in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        change(out, "b.txt", "50万元", measure="甲")


# The page of the documentation.


def test_the_block_of_the_documentation_is_what_the_notation_says() -> None:
    page = (Path(__file__).parents[1] / "docs" / "review.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^  ```text\n(.*?)^  ```", page, re.MULTILINE | re.DOTALL)
    [gold] = parse_gold(textwrap.dedent(block))
    assert gold.origin == Origin("linping.txt", 35)
    assert [(one.text, one.measure) for one in gold.records.indicators] == [("1700余人次", "走访慰问归侨侨眷")]
    assert [one.type for one in gold.records.activities] == ["visit"]


def test_the_keys_of_the_documentation_are_those_of_the_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "review.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(.)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)))) | {"N"}
    [keys] = re.findall(r"const KEYS = \{(.*?)\};", (DESK / "review.js").read_text(encoding="utf-8"))
    assert told == {key.strip(' "') for key in re.findall(r"(?:^|,)\s*([a-zA-Z]|\"\?\"):", keys)}
