from training.card_data import HEADS, data_part, table
from training.datasets import PROVENANCE
from training.splits import read_split


def test_a_table_has_its_heads_a_rule_and_its_rows() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_every_set_is_told_with_its_licence_and_every_photo_in_its_part() -> None:
    rows = [line.strip("| ").split(" | ") for line in data_part().splitlines()[2:]]
    assert all(len(row) == len(HEADS) and all(row) for row in rows)
    told = {row[0]: row[1:4] for row in rows}
    assert set(told) == {*PROVENANCE, "phantoms", "phantoms of much new skin", "composites"}
    photos = sum(int(count) for name in PROVENANCE for count in told[name])
    assert photos == len(read_split())
