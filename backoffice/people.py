"""People and their roles in the admin's own looks."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from knox.models import AuthToken
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import User
from backoffice.toolkit.lists import BigPaginator
from backoffice.toolkit.search import people
from backoffice.toolkit.unfold import ModelAdmin

admin.site.index_title = "Home"
# Phones are signed out through the API (logout-all), not by deleting rows.
for plain in (Group, AuthToken, EmailAddress, Authenticator):
    admin.site.unregister(plain)


@admin.register(User)
class UserAdmin(PlainUserAdmin, ModelAdmin[User]):  # type: ignore[type-arg]  # not generic when it runs
    """Customers and staff; roles are groups."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "groups")
    paginator = BigPaginator
    show_full_result_count = False
    list_per_page = 50
    sortable_by = ()
    search_help_text = "An e-mail address or user name, in full"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """By the two columns that have an index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        mine = {"pk__in": people(term)} if "@" in term else {"username": term}
        return queryset.filter(**mine), False


@admin.register(Group)
class GroupAdmin(PlainGroupAdmin, ModelAdmin[Group]):
    """Roles; `manage.py setup_refund_system` makes the usual ones."""
