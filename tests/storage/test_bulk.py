"""Rows in bulk on both databases: values come back as they went in, and keys are held off one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from storage.bulk import among, insert_rows, one_of, upsert
from storage.columns import Id
from storage.database import connect, writing
from storage.models import Base

CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 11, 21)


class Sample(Base):
    """A column of each type that the store's tables have, of which all but the key may be null."""

    __tablename__ = "sample_of_types"
    metadata = type(Base.metadata)()
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    words: Mapped[str | None]
    number: Mapped[int | None] = mapped_column(Id)
    share: Mapped[float | None]
    flag: Mapped[bool | None]
    day: Mapped[date | None]
    at: Mapped[datetime | None]


def sample(id_: int, **values: object) -> dict[str, object]:
    """A row with null in all columns that are not given."""
    names = ("words", "number", "share", "flag", "day", "at")
    return {"id": id_, **dict.fromkeys(names), **values}


@pytest.fixture
def connection(store_url: str) -> Iterator[Connection]:
    engine = connect(store_url)
    Sample.metadata.create_all(engine)
    with writing(engine) as opened:
        yield opened
    engine.dispose()


def all_rows(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(Sample.__table__).order_by(Sample.id))]


def test_values_of_every_type_come_back_as_they_went_in(connection):
    at = datetime(2026, 11, 21, 8, 5, 30, 250_000, tzinfo=CHINA)
    insert_rows(
        connection,
        Sample,
        [
            sample(
                1, words="“义诊”进\n社区 \\N {a,b} %s", number=2**62, share=0.1, flag=True, day=DAY, at=at
            ),
            sample(2, words="", number=-1, share=1e-300, flag=False, day=date(1, 1, 1), at=at),
            sample(3),
        ],
    )
    assert all_rows(connection) == [
        (1, "“义诊”进\n社区 \\N {a,b} %s", 2**62, 0.1, True, DAY, at),
        (2, "", -1, 1e-300, False, date(1, 1, 1), at),
        (3, None, None, None, None, None, None),
    ]


def test_times_are_kept_as_utc_in_one_form(connection):
    on_the_hour = datetime(2026, 11, 21, 8, tzinfo=CHINA)
    rows = [sample(1, at=on_the_hour), sample(2, at=on_the_hour + timedelta(milliseconds=500))]
    insert_rows(connection, Sample, rows)
    printed = connection.scalars(text("SELECT CAST(at AS text) FROM sample_of_types ORDER BY id")).all()
    assert printed == ["2026-11-21 00:00:00", "2026-11-21 00:00:00.5"]


@pytest.mark.parametrize("column", ["words", "number", "share", "flag", "day", "at"])
def test_a_column_of_nulls_alone(connection, column):
    insert_rows(connection, Sample, [{"id": 1, column: None}, {"id": 2, column: None}])
    assert all_rows(connection) == [(1, *[None] * 6), (2, *[None] * 6)]


def test_a_time_without_a_zone_is_refused(connection):
    with pytest.raises(ValueError, match="time without a zone"):
        insert_rows(connection, Sample, [sample(1, at=datetime(2026, 11, 21))])  # noqa: DTZ001 - refused


def test_a_number_beyond_64_bits_is_refused(connection):
    with pytest.raises((SQLAlchemyError, OverflowError)), connection.begin_nested():
        insert_rows(connection, Sample, [sample(1, number=2**64)])
    assert all_rows(connection) == []


def test_a_key_that_is_held_is_refused_or_left_out(connection):
    insert_rows(connection, Sample, [sample(1, words="甲")])
    with pytest.raises(IntegrityError), connection.begin_nested():
        insert_rows(connection, Sample, [sample(2), sample(1)])
    insert_rows(connection, Sample, [sample(2, words="乙"), sample(1, words="丙")], skip_held=True)
    assert [row[:2] for row in all_rows(connection)] == [(1, "甲"), (2, "乙")]


def test_rows_of_one_key_change_the_held_row_in_their_order(connection):
    insert_rows(connection, Sample, [sample(1, words="甲", number=7)])
    offered = [sample(1, words="乙", number=8), sample(2, words="丙"), sample(1, words="丁", number=9)]
    upsert(connection, Sample, offered, ["id"], lambda new: {"words": new.words})
    assert [row[:3] for row in all_rows(connection)] == [(1, "丁", 7), (2, "丙", None)]


def test_keys_of_any_number(connection):
    insert_rows(connection, Sample, [sample(n, words=f"第{n}号") for n in range(40_000)])
    offered = [f"第{n}号" for n in range(0, 80_000, 2)]
    chosen = connection.execute(select(Sample.id).where(one_of(Sample.words, "names")), {"names": offered})
    assert len(chosen.all()) == 20_000
    connection.execute(delete(Sample).where(among(connection, Sample.id, range(1, 40_000))))
    assert [row[0] for row in all_rows(connection)] == [0]


def test_no_rows_and_no_keys(connection):
    insert_rows(connection, Sample, [])
    upsert(connection, Sample, [], ["id"], lambda new: {"words": new.words})
    assert connection.execute(select(Sample.id).where(one_of(Sample.id, "ids")), {"ids": []}).all() == []
