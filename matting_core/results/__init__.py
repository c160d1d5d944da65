"""Results: what they depend on, where they are kept, and how they are made."""
