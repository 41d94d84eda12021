"""Python source as relink needs it: strings with their places, calls, and the values that flow between them."""
