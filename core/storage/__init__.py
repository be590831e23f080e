"""How the database is spoken to: statements built once; what a pooler, a replica or its absence asks for."""
