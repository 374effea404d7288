import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from models.unet import Architecture, UNet
from training.batches import Batches
from training.curves import draw_curves
from training.fit import share
from training.optimisation import Fit
from training.recipe import Recipe, Stage
from training.runs import LOG
from training.scores import image_mean_dice, overlap
from training.selection import predict
from training.sources import Source

TINY = Recipe(
    architecture=Architecture(decoder_channels=(32, 24, 16, 16)), seed=4, steps=60, batch=4, crop_px=96,
    photo_scale=(0.9, 1.1), stages=(Stage(None, {"disc": 1.0}),), warm_up=5, cool_down=20, check_every=30,
    average_decay=0.9, peak_rate=1e-3,
)  # fmt: skip


@pytest.fixture
def make_fit(draw: Callable, tmp_path: Path) -> Callable[..., Fit]:
    def made(recipe: Recipe, folder: str) -> Fit:
        def score(network: UNet) -> float:
            photos = [draw(fixed_rng(number)) for number in range(4)]
            found = [predict(network, photo.rgb)[0] > 0.5 for photo in photos]
            return image_mean_dice(
                [overlap(mask, photo.labels[..., 0] == 1) for mask, photo in zip(found, photos, strict=True)]
            )

        device = torch.device("cpu")
        discs = Source(1000, lambda number: draw(np.random.default_rng(number)))
        return Fit(recipe, Batches(recipe, {"disc": discs}, device), score, tmp_path / folder, device)

    return made


def fixed_rng(number: int) -> np.random.Generator:
    return np.random.default_rng([1000, number])


def test_a_tiny_fit_learns(make_fit: Callable[..., Fit], tmp_path: Path) -> None:
    fit = make_fit(TINY, "learns")
    fit.run()
    with (tmp_path / "learns" / LOG).open() as file:
        rows = list(csv.DictReader(file))
    losses = [float(row["loss"]) for row in rows]
    assert losses[-1] < 0.6 * losses[0]
    assert fit.best_score > 0.7
    draw_curves(tmp_path / "learns" / LOG, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 1000


def test_a_resumed_run_ends_with_the_same_weights(make_fit: Callable[..., Fit]) -> None:
    short = Recipe(**{**TINY.__dict__, "steps": 8, "batch": 2, "crop_px": 64})
    whole = make_fit(short, "whole")
    whole.run()
    make_fit(short, "halves").run(until=4)
    resumed = make_fit(short, "halves")
    assert resumed.step == 4
    resumed.run()
    for one, other in zip(whole.average.parameters(), resumed.average.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_rate_rises_stays_and_falls() -> None:
    recipe = Recipe(steps=100, warm_up=10, cool_down=20)
    assert recipe.rate(0) == pytest.approx(0.1)
    assert recipe.rate(50) == 1
    assert recipe.rate(90) == pytest.approx(0.5)
    assert recipe.rate(100) == 0


def test_phantoms_join_at_their_step() -> None:
    recipe = Recipe(stages=(Stage(10, {"fuseg": 2.0}), Stage(None, {"fuseg": 0.6, "phantom": 0.4})))
    assert recipe.shares_at(9) == {"fuseg": 1.0}
    assert recipe.shares_at(10) == pytest.approx({"fuseg": 0.6, "phantom": 0.4})


def test_a_recipe_is_read_as_it_was_written(tmp_path: Path) -> None:
    recipe = Recipe(Architecture("resnet18", (64, 32, 16, 16), "tensorflow"), seed=3)
    recipe.write(tmp_path / "recipe.json")
    assert Recipe.read(tmp_path / "recipe.json") == recipe


def test_a_shorter_run_cools_down_over_the_same_share() -> None:
    recipe = Recipe(steps=100, warm_up=0, cool_down=70).lasting(10)
    assert (recipe.steps, recipe.cool_down) == (10, 7)
    assert recipe.lasting(100) == Recipe(steps=100, warm_up=0, cool_down=70)


def test_teachers_are_listened_to_from_their_step_on() -> None:
    recipe = Recipe(teachers=("one",), taught_from=7)
    assert not recipe.listens(6)
    assert recipe.listens(7)
    assert not Recipe(taught_from=7).listens(8)


@pytest.mark.parametrize("text", ["fuseg", "fuseg=much", "fuseg=1=2"])
def test_a_share_is_a_source_and_a_number(text: str) -> None:
    assert share("healing transplant=0.1") == ("healing transplant", 0.1)
    with pytest.raises(ValueError, match=r"unpack|convert"):
        share(text)
