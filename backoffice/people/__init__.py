"""People in the back office: customers, staff and their roles."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from backoffice.people import customers, log, staff

__all__ = ("customers", "log", "staff")

admin.site.index_title = gettext_lazy("Home")
# Roles are given and phones signed out on a person's page; all else is the person's own.
for plain in (Group, AuthToken, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(plain)
