"""The commands that make a run's network again, as its model card tells them."""

from __future__ import annotations

import shlex
from pathlib import Path

from models.unet import Architecture
from training.recipe import Recipe
from training.runs import RECIPE


def commands(run: Path) -> list[str]:
    """Of `python -m training.fit`, in order: what makes the runs that this one needs, then the run.

    Parameters
    ----------
    run : Path
        The run's folder.

    Raises
    ------
    FileNotFoundError
        If the folder holds no run, or a teacher's or the one that it began with is not beside it.
    """
    recipe = Recipe.read(run / RECIPE)
    needed = (*recipe.teachers, *((recipe.start,) if recipe.start else ()))
    # a run that taught and was begun with, or taught twice, is told once
    before = dict.fromkeys(command for name in needed for command in commands(run.parent / name))
    return [*before, f"python -m training.fit {' '.join(options(recipe))} --run FOLDER/{run.name}"]


def options(recipe: Recipe) -> list[str]:
    """Those that make this recipe of the defaults."""
    made, usual = recipe.architecture, Architecture()
    widths = " ".join(str(width) for width in made.decoder_channels)
    teachers = " ".join(f"FOLDER/{name}" for name in recipe.teachers)
    given = {
        "--start": f"FOLDER/{recipe.start}" if recipe.start else None,
        "--encoder": None if recipe.start else "FILE",
        "--architecture": made.encoder if made.encoder != usual.encoder else None,
        "--decoder": widths if made.decoder_channels != usual.decoder_channels else None,
        "--normalisation": made.normalisation if made.normalisation != usual.normalisation else None,
        "--steps": _unusual(recipe, "steps"),
        "--batch": _unusual(recipe, "batch"),
        "--rate": _unusual(recipe, "peak_rate"),
        "--teachers": teachers or None,
        "--teachers-weight": _unusual(recipe, "teachers_weight"),
        "--taught-from": _unusual(recipe, "taught_from"),
        "--shares": _shares(recipe) if recipe.stages != Recipe.stages else None,
        "--seed": recipe.seed,
    }
    return [f"{name} {value}" for name, value in given.items() if value is not None]


def _unusual(recipe: Recipe, name: str) -> float | None:
    """A value of the recipe, where it is not the default."""
    value: float = getattr(recipe, name)
    return value if value != getattr(Recipe, name) else None


def _shares(recipe: Recipe) -> str:
    """The shares of a recipe's last stage: a command gives no others."""
    return " ".join(shlex.quote(f"{source}={share}") for source, share in recipe.stages[-1].shares.items())
