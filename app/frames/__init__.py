"""The clip's frames as pictures: for the canvas and along the timeline."""
