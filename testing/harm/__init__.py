"""Programs that work without mkl-launch, run with it and without it, side by side."""
