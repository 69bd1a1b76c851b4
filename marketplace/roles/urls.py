from django.urls import path

from . import views

urlpatterns = [
    path("", views.people, name="staff_people"),
    path("<int:pk>/", views.person, name="staff_person"),
    path("<int:pk>/faktor/", views.reset_factors, name="reset_factors"),
    path("<int:pk>/avsluta/", views.dismiss, name="dismiss_staff"),
    path("roll/<int:pk>/ta/", views.take, name="take_role"),
    path("roll/<int:pk>/kommuner/", views.change_municipalities, name="change_municipalities"),
]
