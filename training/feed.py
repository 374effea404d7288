"""Batches made ahead of the network: by a thread beside it, or by processes where cores are to spare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

MakeBatch = Callable[[int], tuple[torch.Tensor, torch.Tensor]]

AHEAD = 6
"""Batches that each process may be ahead: composites take five times as long as photos."""


class _Steps(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """The batches of consecutive steps."""

    def __init__(self, make: MakeBatch, first: int, last: int) -> None:
        self.make, self.first, self.count = make, first, last - first

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.make(self.first + number)


@dataclass(frozen=True)
class Feed:
    """Batches of consecutive steps, the same whoever makes them.

    Parameters
    ----------
    make : callable
        From a step's number to its batch; a pure function.
    workers : int
        Processes that make batches; 0 leaves it to one thread of this process.
    pinned : bool
        Whether batches come in memory from which a GPU copies fast.
    """

    make: MakeBatch
    workers: int = 0
    pinned: bool = False

    def __call__(self, first: int, last: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The batches of the steps from `first` to before `last`, in order."""
        if first >= last:
            return
        if self.workers == 0:
            yield from self._beside(first, last)
            return
        yield from DataLoader(
            _Steps(self.make, first, last),
            batch_size=None,
            num_workers=self.workers,
            prefetch_factor=AHEAD,
            pin_memory=self.pinned,
            worker_init_fn=_alone,
        )

    def _beside(self, first: int, last: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = ahead.submit(self.make, first)
            for step in range(first + 1, last):
                batch = coming.result()
                coming = ahead.submit(self.make, step)
                yield batch
            yield coming.result()


def _alone(_: int) -> None:
    """One thread for each process: together they fill the cores."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
