"""Components: several resources that belong together, under one name."""
