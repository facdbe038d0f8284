"""OpenCV: a filter in as many threads as it takes by itself."""

import cv2
import numpy as np
from told import tell

if __name__ == "__main__":
    image = np.random.default_rng(0).integers(0, 255, (1500, 1500, 3), dtype=np.uint8)
    for _ in range(4):
        image = cv2.medianBlur(image, 7)
    tell(int(image.sum()), cv2.getNumThreads())
