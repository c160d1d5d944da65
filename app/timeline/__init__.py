"""The timeline: its widget, ruler, rows and thumbnails."""
