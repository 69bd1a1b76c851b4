"""Read-only lists that are limited to a coordinator's municipalities."""

from marketplace.roles.permissions import municipalities_for
from portal.foundation.admin.records import Records


class MunicipalRecords(Records):
    """Limit coordinators to their own municipality and the names of its organisations."""

    def get_queryset(self, request):
        queryset = self.named(super().get_queryset(request), request.user)
        own = municipalities_for(request.user)
        return queryset if own is None else self.in_municipalities(queryset, own)
