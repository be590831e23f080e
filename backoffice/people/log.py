from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.models import StaffChange
from backoffice.toolkit.readonly import ReadOnlyAdmin
from backoffice.toolkit.unfold import display

WORDS = {
    "invited": gettext_lazy("was invited"),
    "invited_again": gettext_lazy("was sent the invitation again"),
    "roles.changed": gettext_lazy("has other roles"),
    "sign_in.allowed": gettext_lazy("may sign in again"),
    "sign_in.ended": gettext_lazy("may no longer sign in"),
    "sessions.ended": gettext_lazy("was signed out everywhere"),
    "second_factor.forgotten": gettext_lazy("lost the second factor"),
}


@admin.register(StaffChange)
class StaffChangeAdmin(ReadOnlyAdmin[StaffChange]):
    """Who gave whom which roles; written by the actions on a person's page, and by nobody else."""

    list_display = ("at", "about", "what", "roles", "actor")
    list_select_related = ("about",)
    sortable_by = ()
    fields = ("at", "actor", "about", "what", "roles")
    readonly_fields = fields

    @display(description=gettext_lazy("What happened"))
    def what(self, change: StaffChange) -> str:
        return str(WORDS.get(change.action, change.action))

    @display(description=gettext_lazy("Roles"))
    def roles(self, change: StaffChange) -> str:
        if change.action != "roles.changed":
            return "-"
        before, after = (", ".join(change.detail[when]) or "none" for when in ("before", "after"))
        return f"{before} → {after}"
