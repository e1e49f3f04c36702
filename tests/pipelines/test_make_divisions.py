from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pipelines.entities.divisions import MAGIC

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_divisions.py"
FILES = {
    "provinces": 'code,name\n11,"北京市"\n',
    "cities": 'code,name,provinceCode\n1101,"市辖区",11\n',
    "areas": 'code,name,cityCode,provinceCode\n110101,"东城区",1101,11\n',
    "streets": 'code,name,areaCode,provinceCode,cityCode\n110101001,"东华门街道",110101,11,1101\n',
    "villages": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '110101001001,"多福巷社区居委会",110101001,11,1101,110101\n',
}


def make(folder: Path, out: Path) -> bytes:
    subprocess.run([sys.executable, SCRIPT, folder, out], check=True, capture_output=True)
    return out.read_bytes()


def test_the_same_tables_make_the_same_file(tmp_path):
    for name, rows in FILES.items():
        (tmp_path / f"{name}.csv").write_text(rows, "utf-8")
    made = make(tmp_path, tmp_path / "one.dat")
    assert made == make(tmp_path, tmp_path / "two.dat")
    assert made.startswith(MAGIC)
    length = int.from_bytes(made[len(MAGIC) : len(MAGIC) + 4], "little")
    header = json.loads(made[len(MAGIC) + 4 : len(MAGIC) + 4 + length])
    assert header["counts"] == {"province": 4, "city": 1, "county": 1, "town": 1, "village": 1}


def test_a_missing_table_is_an_error(tmp_path):
    run = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, tmp_path / "out.dat"], capture_output=True, text=True
    )
    assert run.returncode != 0
    assert not (tmp_path / "out.dat").exists()
