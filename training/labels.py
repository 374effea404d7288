"""Values of the labels: what a data set says of a pixel."""

from __future__ import annotations

UNLABELLED = 255
"""Value of a label where the data set does not say; losses and figures leave these pixels out."""

FIBRIN, GRANULATION, CALLUS = TISSUES = (1, 2, 3)
"""Values of the tissue's label, as the tissue set has them; 0 is none of these."""

CHANNELS = 5
"""Of the labels of a crop: ulcer, skin, tissue, and what teachers say of ulcer and skin."""

SAID = slice(3, 5)
"""Place of what teachers say."""
