"""The document: what the user made, as frozen values; edits are `Project -> Project`."""
