from dataclasses import replace

import numpy as np
import pytest

from calibration.phantom import Scene
from calibration.phantom.outline import Bridge, Island
from training.phantom_scenes import random_scene
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
    return replace(scene, ulcers=(cut,))


def test_new_skin_is_what_bridge_and_island_took_from_the_ulcer(healing: Scene) -> None:
    whole = replace(healing, ulcers=(replace(healing.ulcers[0], bridge=None, islands=()),))
    cut, uncut = (reading_phantom(scene, 1).labels for scene in (healing, whole))
    taken = (uncut[..., 0] == 1) & (cut[..., 0] == 0)
    new_skin = new_skin_mask(healing, cut[..., 1] == 1)
    assert taken.sum() > 300
    assert 2 * (taken & new_skin).sum() / (taken.sum() + new_skin.sum()) > 0.9
    assert not new_skin_mask(whole, uncut[..., 1] == 1).any()


def test_traits_are_those_of_the_scene(healing: Scene) -> None:
    traits = traits_of(healing)
    assert traits["pose"] == "lying"
    assert traits["new skin"] == "bridge and island"
    assert traits["tissue"] == healing.look.tissue
    assert traits_of(replace(healing, look=replace(healing.look, tone=6)))["skin tone"] == "VI"
