"""The command line: `wisp matte`, `wisp export`, `wisp demo`, `wisp models`, `wisp bench`."""
