"""The canvas: its view, the pictures it shows, what lies over them, and its tools."""
