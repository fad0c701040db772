"""Write the generated pages: one module for each, as pure functions from the code to text."""
