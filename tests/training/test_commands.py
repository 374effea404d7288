from pathlib import Path

import pytest

from models.unet import Architecture
from training.commands import commands, options
from training.recipe import Recipe, Stage
from training.runs import RECIPE


def test_of_the_defaults_only_the_seed_is_told() -> None:
    assert options(Recipe(seed=4)) == ["--encoder FILE", "--seed 4"]


def test_what_differs_is_told() -> None:
    architecture = Architecture("tu-tiny_vit_5m_224", (64, 48, 32, 16), "tensorflow")
    assert options(Recipe(architecture, steps=100, batch=12, peak_rate=3e-4, start="earlier")) == [
        "--start FOLDER/earlier",
        "--architecture tu-tiny_vit_5m_224",
        "--decoder 64 48 32 16",
        "--normalisation tensorflow",
        "--steps 100",
        "--batch 12",
        "--rate 0.0003",
        "--seed 1",
    ]


def test_shares_and_when_teachers_begin_are_told_so_that_a_shell_reads_them() -> None:
    shares = (Stage(None, {"fuseg": 0.9, "healing transplant": 0.1}),)
    assert options(Recipe(stages=shares, teachers=("one",), teachers_weight=3.0, taught_from=40))[1:5] == [
        "--teachers FOLDER/one",
        "--teachers-weight 3.0",
        "--taught-from 40",
        "--shares fuseg=0.9 'healing transplant=0.1'",
    ]


def test_teachers_are_made_first(tmp_path: Path) -> None:
    for name, teachers in (("teacher", ()), ("pupil", ("teacher",))):
        (tmp_path / name).mkdir()
        Recipe(teachers=teachers).write(tmp_path / name / RECIPE)
    assert commands(tmp_path / "pupil") == [
        "python -m training.fit --encoder FILE --seed 1 --run FOLDER/teacher",
        "python -m training.fit --encoder FILE --teachers FOLDER/teacher --seed 1 --run FOLDER/pupil",
    ]


def test_what_a_run_began_with_is_made_before_it_and_once(tmp_path: Path) -> None:
    for name, start, teachers in (("one", "", ()), ("two", "one", ()), ("three", "two", ("one",))):
        (tmp_path / name).mkdir()
        Recipe(start=start, teachers=teachers).write(tmp_path / name / RECIPE)
    assert commands(tmp_path / "three") == [
        "python -m training.fit --encoder FILE --seed 1 --run FOLDER/one",
        "python -m training.fit --start FOLDER/one --seed 1 --run FOLDER/two",
        "python -m training.fit --start FOLDER/two --teachers FOLDER/one --seed 1 --run FOLDER/three",
    ]


def test_a_teacher_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    Recipe(teachers=("teacher",)).write(tmp_path / RECIPE)
    with pytest.raises(FileNotFoundError):
        commands(tmp_path)
