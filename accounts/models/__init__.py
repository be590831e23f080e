from accounts.models.leaving import Deletion
from accounts.models.people import User
from accounts.models.roles import Customer, Note, Staff, StaffChange
from accounts.models.sign_ins import KnownPlace, Session

__all__ = ["Customer", "Deletion", "KnownPlace", "Note", "Session", "Staff", "StaffChange", "User"]
