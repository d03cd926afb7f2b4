"""The endpoint and the explorer: what answers over HTTP, and the same as files.

    messages    a request and its answer, and what is done to every answer (ETag, compression)
    media       which format an Accept header wants
    sparql      the SPARQL 1.1 Protocol, the service description, and reads of the Graph Store Protocol
    saved       the saved queries over HTTP, and their description in OpenAPI
    iris        what each IRI of the graph leads to
    site        which of these answers a request
    process     a process that answers requests one after another, and can be killed
    pool        some of these, which share the requests
    front       the ASGI application before the pool, and the server
    places      which file of the static copy each page is
    linking     what the links of the pages lead to in it
    copying     the static copy
    replacing   the folder of it, whole or not there

A request goes down this list from the end: front, pool, process, site. `site` knows no server and no clock, so that the
static copy asks it as well.
"""
