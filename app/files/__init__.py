"""Opening, saving and keeping projects and clips, and what is imported, exported and collected."""
