"""Opening, saving, recovering, collecting and importing."""
