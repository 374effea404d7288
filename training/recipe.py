"""Everything that decides a training run, with its reasons; written beside the weights it made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from models.unet import Architecture


@dataclass(frozen=True)
class Stage:
    """A stretch of a run: its sources' shares up to a step, or to the end where that is left open."""

    until: int | None
    shares: dict[str, float]


@dataclass(frozen=True)
class Recipe:
    """A training run.

    Attributes
    ----------
    architecture : Architecture
        The network.
    seed : int
        Seed of the network's first weights and, with the step's number, of every batch.
    steps : int
        Optimiser steps in all.
    batch : int
        Crops a step.
    crop_px : int
        Side of a crop. The network works at the photo's own scale up to 1,024 px and at 10 px/mm on reading
        images, so a crop holds a whole fingertip (34 mm).
    photo_scale : (float, float)
        Enlargement of real photos and composites in crops.
    stages : tuple of Stage
        How often each source is drawn. Phantoms have a large share because only they are at the service's
        scale with a border known to a tenth of a pixel.
    peak_rate, encoder_rate : float
        Learning rates (AdamW) of the decoder and, a part of it, of the pretrained encoder.
    warm_up, cool_down : int
        Steps of linear rise and of linear fall of the learning rate; constant between.
    average_decay : float
        Decay of the running average of the weights, which is what is evaluated and exported.
    start : str
        Name of the earlier run whose best weights this one began with; empty where it began with a pretrained
        encoder alone.
    teachers : tuple of str
        Names of the runs that taught this one beside the labels; empty where none did.
    teachers_weight : float
        Weight of their lesson beside the loss of the labels.
    taught_from : int
        Step from which they are listened to: early on labels alone are lesson enough, and who teaches can be
        trained in the meantime.
    check_every, patience : int
        Steps between two looks at the selection part; looks without a better score before stopping.
    """

    architecture: Architecture = field(default_factory=Architecture)
    seed: int = 1
    steps: int = 4042
    batch: int = 24
    crop_px: int = 336
    photo_scale: tuple[float, float] = (0.7, 1.5)
    stages: tuple[Stage, ...] = (
        Stage(
            None,
            {
                "fuseg": 0.36,
                "composite": 0.14,
                "hands": 0.05,
                "nails": 0.09,
                "phantom": 0.09,
                "transplant": 0.05,
                "healing": 0.12,
                "healing transplant": 0.1,
            },
        ),
    )
    peak_rate: float = 1e-3
    encoder_rate: float = 0.4
    warm_up: int = 100
    cool_down: int = 2829
    weight_decay: float = 0.01
    average_decay: float = 0.998
    start: str = ""
    teachers: tuple[str, ...] = ()
    teachers_weight: float = 1.0
    taught_from: int = 0
    check_every: int = 400
    patience: int = 7

    def lasting(self, steps: int) -> Recipe:
        """The same, shorter or longer: the learning rate falls over the same share of it."""
        return replace(self, steps=steps, cool_down=self.cool_down * steps // self.steps)

    def rate(self, step: int) -> float:
        """Learning rate at a step, as a share of the peak."""
        rising = (step + 1) / self.warm_up if self.warm_up else 1.0
        falling = (self.steps - step) / self.cool_down if self.cool_down else 1.0
        return max(0.0, min(1.0, rising, falling))

    def listens(self, step: int) -> bool:
        """Whether teachers are listened to at a step."""
        return bool(self.teachers) and step >= self.taught_from

    def shares_at(self, step: int) -> dict[str, float]:
        """Shares of the sources at a step, summing to one."""
        stage = next(stage for stage in self.stages if stage.until is None or step < stage.until)
        total = sum(stage.shares.values())
        return {source: share / total for source, share in stage.shares.items()}

    @classmethod
    def read(cls, path: Path) -> Recipe:
        """The recipe that `write` wrote.

        Raises
        ------
        FileNotFoundError
            If the folder holds no run.
        """
        values = json.loads(path.read_text(encoding="utf-8"))
        architecture = Architecture.of(values.pop("architecture"))
        stages = tuple(Stage(**stage) for stage in values.pop("stages"))
        scale, teachers = tuple(values.pop("photo_scale")), tuple(values.pop("teachers", ()))
        return cls(architecture=architecture, stages=stages, photo_scale=scale, teachers=teachers, **values)

    def write(self, path: Path) -> None:
        """Write the recipe as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
