"""Column types that hold and compare the same values on SQLite and PostgreSQL."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Id = BigInteger().with_variant(Integer(), "sqlite")
"""A 63-bit id; on SQLite it must be called INTEGER to be the row's own key."""

Words = Text().with_variant(Text(collation="C"), "postgresql")
"""Text sorted by code point on both databases, so that the same query gives the same order."""


class UtcTime(TypeDecorator[datetime]):
    """A point in time in UTC: aware in Python, `YYYY-MM-DD HH:MM:SS[.ffffff]` in every query.

    PostgreSQL has `timestamp` and not `timestamptz`, since the latter compares
    and prints by the time zone of whoever asks, and SQLite has none. Naive
    times are refused with ValueError.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, in the form in which PostgreSQL prints a timestamp."""
        kind: TypeEngine[Any] = String(26) if dialect.name == "sqlite" else DateTime()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turns an aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without a zone: {value}")
        naive = value.astimezone(UTC).replace(tzinfo=None)
        return utc_text(naive) if dialect.name == "sqlite" else naive  # type: ignore[return-value]

    def process_result_value(self, value: datetime | str | None, _dialect: Dialect) -> datetime | None:
        """Gives an aware time in UTC back."""
        if value is None:
            return None
        naive = datetime.fromisoformat(value) if isinstance(value, str) else value
        return naive.replace(tzinfo=UTC)


def plain(value: Any) -> Any:
    """A value that a query gave, as both databases' rows are shown: days, times and truth alike.

    A time is text in UTC, a day text, true is 1, and a decimal an integer or a float.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return utc_text(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
    return value.isoformat() if isinstance(value, date) else value


def utc_text(naive: datetime) -> str:
    """A time as PostgreSQL prints it: a fraction only where there is one, without final zeros."""
    text = naive.isoformat(" ")
    return text.rstrip("0") if naive.microsecond else text


class PackedWords(TypeDecorator[str]):
    """Text that no query looks into, at less than half the size of Chinese in UTF-8.

    GB 18030, which has all characters but surrogates and two bytes for most of ours, and DEFLATE.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        """Packs a text."""
        return None if value is None else zlib.compress(value.encode("gb18030"))

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        """Gives the text back."""
        return None if value is None else zlib.decompress(value).decode("gb18030")
