from django.urls import path

from accounts.staff import my_sign_in, passwords, sign_in

urlpatterns = [
    path("login/", sign_in.StaffLogin.as_view()),
    path("login/code/", sign_in.second_step, name="staff_second_step"),
    path("my-sign-in/", my_sign_in.overview, name="my_sign_in"),
    path("my-sign-in/app/", my_sign_in.add_app, name="my_sign_in_app"),
    path("my-sign-in/passkey/", my_sign_in.add_passkey, name="my_sign_in_passkey"),
    path("my-sign-in/remove/<int:pk>/", my_sign_in.remove, name="my_sign_in_remove"),
    path("my-sign-in/end/", my_sign_in.end_others, name="my_sign_in_end"),
    path("forgotten/", passwords.forgotten, name="admin_password_reset"),
    path("password/<uidb64>/<token>/", passwords.ChoosePassword.as_view(), name="password_reset_confirm"),
]
