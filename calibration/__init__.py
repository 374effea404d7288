"""From a photograph to millimetres: the digit card, the camera, the surface of the digit."""
