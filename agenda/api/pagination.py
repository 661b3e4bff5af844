"""Pages of a list. (A module of its own: pagination classes named in settings must not import views.)"""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """`?limit=` and `?offset=`; every list has a total order."""

    default_limit = 50
    max_limit = 200
