from dataclasses import replace

import cv2
import numpy as np
import pytest

from calibration.phantom import Scene
from calibration.phantom.outline import Bridge, Island
from training.borders import parts
from training.phantom_scenes import SCALE_PX_PER_MM, random_scene
from training.phantom_truth import new_skin_mask, traits_of
from training.phantoms import reading_phantom


@pytest.fixture(scope="module")
def healing() -> Scene:
    """A lying digit with an ulcer on top that a bridge splits and that holds an island."""
    scene = next(
        scene
        for scene in (random_scene(np.random.default_rng([5, seed])) for seed in range(40))
        if scene.digit.protrusion_mm is None and len(scene.ulcers) == 1 and not scene.ulcers[0].closed
    )
    ulcer = replace(scene.ulcers[0].footprint, mean_radius_mm=3.0, phi_deg=5.0)
    cut = replace(ulcer, bridge=Bridge(40.0, 1.0, 0.9), islands=(Island(-1.0, -1.0, 0.8),))
    return replace(scene, ulcers=(cut,), hand=(), nail_beyond_mm=0.0)


def test_new_skin_is_what_bridge_and_island_took_from_the_ulcer(healing: Scene) -> None:
    labels = reading_phantom(healing, 1).labels
    ulcer, skin = labels[..., 0] == 1, labels[..., 1] == 1
    new_skin = new_skin_mask(healing, skin)
    assert (new_skin & ulcer).sum() < 0.05 * new_skin.sum()  # pixels on the edge between them
    assert len(parts(ulcer, 20)) == 2
    # together they are the ulcer as it was: in one piece and without a hole
    whole = cv2.morphologyEx((new_skin | ulcer).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    assert len(parts(whole > 0, 20)) == 1
    assert len(parts(whole == 0, 1)) == 1
    island_px = np.pi * 0.8**2 * SCALE_PX_PER_MM**2
    assert island_px < new_skin.sum() < ulcer.sum()


def test_where_nothing_is_cut_there_is_no_new_skin(healing: Scene) -> None:
    uncut = replace(healing, ulcers=(replace(healing.ulcers[0], bridge=None, islands=()),))
    assert not new_skin_mask(uncut, np.ones((580, 660), bool)).any()


def test_traits_are_those_of_the_scene(healing: Scene) -> None:
    traits = traits_of(healing)
    assert traits["pose"] == "lying"
    assert traits["new skin"] == "bridge and island"
    assert traits["tissue"] == healing.look.tissue
    assert traits_of(replace(healing, look=replace(healing.look, tone=6)))["skin tone"] == "VI"
