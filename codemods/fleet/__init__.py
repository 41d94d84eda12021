"""Many checkouts at once, on machines that share no files: their contents travel, and one report comes back."""
