"""Very many bytes are read as few are."""

from __future__ import annotations

import pytest

from hdcore.pixels.bulk import BULK, CAN_READ_BULK, read_bulk
from hdcore.pixels.storage import PathStore

pytestmark = pytest.mark.skipif(not CAN_READ_BULK, reason="only Linux is asked for huge pages; others read plainly")


@pytest.mark.parametrize(
    ("start", "length"), [(0, 0), (0, 1), (0, 100_000), (5, 70_000), (99_999, 1), (90_000, 20_000), (200_000, 10)]
)
def test_any_range_of_a_file_is_read(tmp_path, start, length):
    content = bytes(range(256)) * 390 + bytes(160)
    path = tmp_path / "bytes"
    path.write_bytes(content)
    with path.open("rb") as file:
        found = read_bulk(file.fileno(), start, length)
    assert type(found) is bytes
    assert found == content[start : start + length]


def test_a_store_gives_a_great_range_up_to_the_end_of_the_file(tmp_path):
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.write(b"begin")
        file.seek(BULK + 3)
        file.write(b"end")
    found = PathStore(path).read(2, 2 * BULK)
    assert len(found) == BULK + 4
    assert (found[:3], found[-3:], found.count(0)) == (b"gin", b"end", BULK - 2)
