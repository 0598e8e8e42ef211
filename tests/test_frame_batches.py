"""Promises of the function that engines map over frames: the records of a run, one dtype a column, no row that stops others."""

from __future__ import annotations

import inspect
import multiprocessing
import pickle
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.limits import Limits
from jianbao.pipeline import frame_batches
from jianbao.pipeline.engines import serial
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.frame_batches import extract_frame, extract_frames, frame_schema
from jianbao.pipeline.frames import frame, totals
from jianbao.pipeline.run import run
from jianbao.pipeline.tables import COLUMNS
from made_troubles import Troubled, bulletin

pd = pytest.importorskip("pandas")

TABLES = sorted(COLUMNS)


def articles(count: int = 12) -> Any:
    rows = [(f"{number}.txt", bulletin(number), "330106", "2023-05-06") for number in range(count)]
    return pd.DataFrame(rows, columns=["article", "text", "区划代码", "发布日期"])


def same(one: Any, other: Any) -> None:
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


@pytest.mark.parametrize("table", TABLES)
def test_the_records_are_those_of_a_run_over_the_same_table(tmp_path: Path, table: str) -> None:
    given = articles()
    given.drop(columns="article").rename(columns={"text": "正文"}).to_csv(tmp_path / "in.csv", index=False)
    run(tmp_path / "in.csv", tmp_path / "out", engine=serial)
    told = frame(tmp_path / "out", table)
    given["article"] = [f"in.csv#{number}" for number in range(1, len(given) + 1)]
    found = extract_frame(given.rename(columns={"text": "正文"}), table, text="正文")
    assert list(found.columns) == list(told.columns)
    apart = ["format"] if table == "articles" else []
    same(found.drop(columns=apart), told.astype(found.dtypes.to_dict()).drop(columns=apart))
    assert len(found)


@pytest.mark.parametrize("table", TABLES)
def test_dtypes_are_the_same_for_many_rows_one_and_none(table: str) -> None:
    empty = extract_frame(articles(0), table)
    assert len(empty) == 0
    for count in (1, 12):
        assert extract_frame(articles(count), table).dtypes.equals(empty.dtypes)
    assert set(map(str, empty.dtypes)) <= {"string", "Int64", "Float64", "datetime64[s]"}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_turns_into_the_arrow_type_that_the_schema_says(table: str) -> None:
    pa = pytest.importorskip("pyarrow")
    types = {"STRING": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "DATE": pa.date32()}
    schema = [column.replace("`", "").split() for column in frame_schema(table).split(", ")]
    for given in (articles(), articles(0)):
        found = extract_frame(given, table)
        assert [name for name, _ in schema] == list(found.columns)
        for name, kind in schema:
            column = found[name]
            mask = None if hasattr(column.array, "__arrow_array__") else column.isnull()
            array = pa.Array.from_pandas(column, mask=mask, type=types[kind], safe=True)
            assert array.null_count == column.isna().sum()


def test_a_loop_over_batches_gives_what_the_whole_frame_gives() -> None:
    given = articles()
    pieces = extract_frames(given.iloc[at : at + 5] for at in range(0, len(given), 5))
    assert inspect.isgenerator(pieces)
    same(pd.concat(pieces), extract_frame(given))


def test_processes_that_are_started_anew_give_the_same() -> None:
    given = articles()
    function = pickle.loads(pickle.dumps(partial(extract_frame, table="brands")))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(function, [given.iloc[:6], given.iloc[6:]])
    same(pd.concat(found), extract_frame(given, "brands"))


def test_partitions_of_a_dask_frame_give_the_same() -> None:
    dd = pytest.importorskip("dask.dataframe")
    given = articles()
    parts = dd.from_pandas(given, npartitions=3, sort=False)
    found = parts.map_partitions(extract_frame, meta=extract_frame(given.head(0)))
    computed = found.compute(scheduler="sync")
    same(computed.astype(extract_frame(given).dtypes.to_dict()), extract_frame(given))


def test_sums_can_be_made_of_the_frames_put_together() -> None:
    whole = totals(pd.concat(extract_frames([articles().iloc[:5], articles().iloc[5:]])), level="county").table
    assert set(whole["region_name"]) == {"浙江省杭州市西湖区"}
    assert sum(whole["own_count"]) > 0


def test_a_row_that_cannot_be_done_is_told_among_the_articles_and_stops_no_other() -> None:
    texts = [
        bulletin(1),
        bulletin(2, "（出错）"),
        None,
        "  ",
        bulletin(3) * 40,
        "走访侨眷\ud80030户。",
        7.0,
        bulletin(4),
    ]
    given = pd.DataFrame({"article": list("abcdefgh"), "text": pd.Series(texts, dtype=object)})
    options: dict[str, Any] = {"pipeline": Troubled(), "limits": Limits(text=1000)}
    told = extract_frame(given, "articles", **options).set_index("article")
    assert told["status"].tolist() == ["ok", "failed", "failed", "failed", "failed", "partial", "ok", "ok"]
    assert [told["message"][name][:20] for name in "bcde"] == [
        "ValueError: 三; a fau", "the text cell is emp", "the text cell is emp", "limit text met: a ce",
    ]  # fmt: skip
    found = extract_frame(given, **options)
    assert set(found["article"]) == set("afh")
    same(found[found["article"] == "h"], extract_frame(given.iloc[7:], **options))


def test_an_article_without_a_name_has_that_of_its_text_in_every_batch() -> None:
    given = articles(4).drop(columns="article")
    names = extract_frame(given, "articles")["article"]
    assert names.is_unique
    assert list(extract_frame(given.iloc[2:], "articles")["article"]) == list(names[2:])
    given["id"] = ["x", None, "", "y"]
    assert list(extract_frame(given, "articles", article="id")["article"]) == ["x", names[1], names[2], "y"]


def test_what_other_columns_say_goes_before_what_the_text_says() -> None:
    given = pd.DataFrame(
        {
            "text": ["今年走访侨眷30户。"],
            "published": [pd.Timestamp("2021-03-04")],
            "region": [330106],
            "headline": ["侨联走访"],
            "source": [None],
        }
    )
    row = extract_frame(given, "articles", title="headline").iloc[0]
    assert (row["title"], str(row["published"])[:10], row["region"]) == ("侨联走访", "2021-03-04", "330106")
    assert pd.isna(row["source"])
    assert str(extract_frame(given).iloc[0]["period_start"])[:4] == "2021"


def test_a_cell_that_holds_a_page_is_read_as_one() -> None:
    page = f"<html><body><p>{'今年以来，区侨联走访慰问侨眷46户，送去慰问金2万元。' * 3}</p></body></html>"
    found = extract_frame(pd.DataFrame({"text": [page]}), "articles").iloc[0]
    assert found["status"] == "ok"
    assert found["characters"] < len(page)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": "正文"}, "no column '正文' for the text: say text=NAME; its columns are article, text"),
        ({"title": "标题"}, "no column '标题' for the title"),
        ({"tilte": "标题"}, "no field 'tilte' of an article: one of text, title"),
        ({"table": "totals"}, "no table 'totals' here: choose of articles, indicators, brands, activities"),
    ],
)
def test_what_is_asked_wrongly_is_told(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        extract_frame(articles(1), **options)


def test_a_damaged_pack_is_no_fault_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise DataError("types.json: is damaged")

    monkeypatch.setattr(Pipeline, "__call__", damaged)
    with pytest.raises(DataError):
        extract_frame(articles(1))


def test_the_frame_that_is_given_stays_as_it_is() -> None:
    given = articles(3)
    before = given.copy(deep=True)
    extract_frame(given)
    same(given, before)
    assert not [name for name, value in vars(frame_batches).items() if isinstance(value, list | set)]
