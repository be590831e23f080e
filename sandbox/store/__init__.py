"""What the sandbox keeps: objects by kind, behind one lock and on a clock of its own."""
