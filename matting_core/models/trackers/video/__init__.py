"""Parts shared by trackers that carry a memory from frame to frame, one for each pass."""
