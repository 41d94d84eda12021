"""What each driver's API looks like, as data: one file a driver, found by walking this package."""
