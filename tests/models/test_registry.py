import json
import shutil
from pathlib import Path

import pytest

from models.registry import (
    REGISTRY_FILE,
    WEIGHTS_FOLDER,
    AlteredWeightsError,
    UnknownWeightsError,
    find_weights,
    list_weights,
    load_segmenter,
    verified_bytes,
)

COMMITTED_BYTES = 30 * 2**20


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    newest = find_weights()
    entries = json.loads((WEIGHTS_FOLDER / REGISTRY_FILE).read_text())["weights"][-1:]
    (tmp_path / REGISTRY_FILE).write_text(json.dumps({"weights": entries}))
    shutil.copy(newest.path, tmp_path)
    return tmp_path


def test_every_registered_file_is_what_it_says_and_has_its_card() -> None:
    assert list_weights()
    for weights in list_weights():
        assert verified_bytes(weights)
        assert 0 < weights.counting.threshold < 1
        assert weights.sha256 in weights.card_path.read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in WEIGHTS_FOLDER.glob("*.onnx")) <= COMMITTED_BYTES


def test_one_changed_byte_is_refused(copied: Path) -> None:
    path = find_weights(folder=copied).path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(AlteredWeightsError, match="not those registered"):
        load_segmenter(folder=copied)


def test_a_missing_file_is_refused(copied: Path) -> None:
    find_weights(folder=copied).path.unlink()
    with pytest.raises(AlteredWeightsError, match="cannot be read"):
        load_segmenter(folder=copied)


def test_names() -> None:
    newest = find_weights()
    assert find_weights(newest.name) == find_weights(newest.label) == newest
    with pytest.raises(UnknownWeightsError, match=newest.label):
        find_weights("no-such-network")


def test_the_segmenter_is_made_once() -> None:
    assert load_segmenter() is load_segmenter()
    assert load_segmenter().weights == find_weights()
