"""Which files can hold a finding, and which others those need: asked before anything is parsed."""
