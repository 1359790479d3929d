"""An edition's outputs, each from the one reading of its snapshot."""
