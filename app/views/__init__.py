"""How the canvas shows a frame: the choices, the pictures, and what lies over them."""
