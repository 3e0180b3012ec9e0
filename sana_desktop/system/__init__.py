"""The machine around us: where things are kept, what ships with the program, what is written down."""
