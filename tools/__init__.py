"""Programs that maintain the project's data; none of them is part of the package."""
