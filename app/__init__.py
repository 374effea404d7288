"""The service: captures in, areas, healing series and blinded assessments out."""

import os

# OpenCV reads its limit once, when it is first imported: without one, 48 kB of PNG unfold to gigabytes.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "60000000")
