from django.contrib import admin

from accounts.models import StaffChange
from backoffice.toolkit.readonly import ReadOnlyAdmin
from backoffice.toolkit.unfold import display

WORDS = {
    "invited": "was invited",
    "invited_again": "was sent the invitation again",
    "roles.changed": "has other roles",
    "sign_in.allowed": "may sign in again",
    "sign_in.ended": "may no longer sign in",
    "sessions.ended": "was signed out everywhere",
    "second_factor.forgotten": "lost the second factor",
}


@admin.register(StaffChange)
class StaffChangeAdmin(ReadOnlyAdmin[StaffChange]):
    """Who gave whom which roles; written by the actions on a person's page, and by nobody else."""

    list_display = ("at", "about", "what", "roles", "actor")
    list_select_related = ("about",)
    sortable_by = ()
    fields = ("at", "actor", "about", "what", "roles")
    readonly_fields = fields

    @display(description="What happened")
    def what(self, change: StaffChange) -> str:
        return WORDS.get(change.action, change.action)

    @display(description="Roles")
    def roles(self, change: StaffChange) -> str:
        if change.action != "roles.changed":
            return "-"
        before, after = (", ".join(change.detail[when]) or "none" for when in ("before", "after"))
        return f"{before} → {after}"
