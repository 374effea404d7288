from pathlib import Path

import numpy as np

from training.datasets import PhotoLibrary
from training.recipe import Recipe
from training.sources import COMPOSITES, all_sources
from training.splits import names_of


def test_every_share_of_the_recipe_has_a_source(library: PhotoLibrary, tmp_path: Path) -> None:
    sources = all_sources(library, "train", tmp_path)
    assert set(sources) == {name for stage in Recipe().stages for name in stage.shares}
    assert sources["fuseg"].count == len(names_of("fuseg", "train"))
    assert sources["composite"].count == COMPOSITES


def test_a_transplant_keeps_the_rendered_outline(library: PhotoLibrary, tmp_path: Path) -> None:
    sources = all_sources(library, "train", tmp_path)
    number = next(
        number for number in range(20) if (sources["phantom"].scene(number).labels[..., 0] == 1).any()
    )
    rendered, transplanted = sources["phantom"].scene(number), sources["transplant"].scene(number)
    assert (rendered.labels[..., :2] == transplanted.labels[..., :2]).all()
    ulcer = rendered.labels[..., 0] == 1
    change = np.abs(rendered.rgb.astype(int) - transplanted.rgb).mean(axis=2)
    assert change[ulcer].mean() > 4 * change[~ulcer].mean()
