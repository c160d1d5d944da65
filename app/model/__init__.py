"""Qt faces of core state: document, view, playback and results; signals live here."""
