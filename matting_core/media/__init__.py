"""Media: clips and stills read, image sequences written, colour converted."""
