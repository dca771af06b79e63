"""The parts of the local Bot API server: its world, its methods, its rules and its faults."""
