from accounts.models.leaving import Deletion
from accounts.models.people import User
from accounts.models.sign_ins import KnownPlace, Session

__all__ = ["Deletion", "KnownPlace", "Session", "User"]
