"""The steps of a roll-out: by service, phase, owner or rule, and the patches for each."""
