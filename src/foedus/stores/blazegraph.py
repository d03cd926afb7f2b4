from foedus.stores.store import Store


class Virtuoso(Store):
    name = "virtuoso"


class Blazegraph(Store):
    name = "blazegraph"
