"""The panels beside the canvas, one small file each."""
