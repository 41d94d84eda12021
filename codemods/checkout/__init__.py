"""The files of a checkout: which there are, what they are for, their bytes, and what git knows of them."""
