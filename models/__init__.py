"""From a reading image to a segmentation."""
