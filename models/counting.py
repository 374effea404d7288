"""Which pixels of a network's probabilities count as open ulcer."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

ON_SKIN = 0.5
"""Mean probability of hand that a part needs to count: an ulcer lies on skin, whatever else is red. No value
had to be looked for: true ulcers of the selection part, on feet and fingers, have 0.96 and more."""


@dataclass(frozen=True)
class Counting:
    """Where the border lies, and how sure the network must be that there is an ulcer within it.

    Two questions, two levels: a border at even odds has the least bias, while what is red all over at little
    more than even odds is seldom an ulcer.

    Attributes
    ----------
    threshold : float
        Probability of the border.
    certainty : float
        A connected part counts only where its highest probability reaches this; 0 for any part.
    """

    threshold: float
    certainty: float = 0.0

    def open_ulcer(
        self,
        probability: NDArray[np.floating],
        skin: NDArray[np.floating] | None = None,
        *,
        least_px: float = 0.0,
    ) -> NDArray[np.bool_]:
        """Where there is an open ulcer.

        Parameters
        ----------
        probability : NDArray[np.floating], shape (H, W)
            Of ulcer, 0–1.
        skin : NDArray[np.floating], shape (H, W), optional
            Probability of hand, an ulcer on it included; left out where everything is known to be on one.
        least_px : float
            Pixels that a part must have to count.

        Returns
        -------
        NDArray[np.bool_], shape (H, W)
            The pixels above the threshold whose part, corners touching, is sure and large enough and lies on
            skin.
        """
        above = probability > self.threshold
        _, labels, stats, _ = cv2.connectedComponentsWithStats(above.astype(np.uint8), connectivity=8)
        pixels = stats[:, cv2.CC_STAT_AREA]
        counts = np.zeros(len(stats), dtype=np.bool_)
        counts[labels[above & (probability >= self.certainty)]] = True
        counts &= pixels >= least_px
        if skin is not None:
            counts &= np.bincount(labels.ravel(), weights=skin.ravel()) >= ON_SKIN * pixels
        return np.asarray(above & counts[labels])
