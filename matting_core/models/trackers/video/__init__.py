"""What trackers share that carry a memory from frame to frame, one state for each pass."""
