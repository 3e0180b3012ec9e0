"""Values of the application: no input or output, standard library only."""
