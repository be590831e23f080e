"""Events, and how they are delivered."""
