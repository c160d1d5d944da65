"""Reading clips and stills, writing image sequences, and colour."""
