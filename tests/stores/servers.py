"""Real triple stores, fetched from package registries, started for a test or by hand, and always stopped.

    with running("fuseki", folder) as server:
        ...ask server.query, change server.update...

    python -m tests.stores.servers [NAME…]      starts them and waits for Ctrl-C

Fuseki, RDF4J and Blazegraph come from Maven Central by the POM files beside this one and are kept in .venv/stores,
Oxigraph comes with its Python package, Virtuoso from Debian. All data of a server, its configuration and its log are
in the folder it is given, so that another `running` over that folder finds the data again.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT, free_port

NAMES = ("fuseki", "rdf4j", "virtuoso", "oxigraph", "blazegraph")
HERE = Path(__file__).resolve().parent
KEPT = ROOT / ".venv" / "stores"
USER = "foedus"
REPOSITORY = "foedus"
_DEADLINE = 90.0
_JAVA = ("-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8")
_JAVA_AT_FULL_SPEED = ("-Xmx4g", "-Dfile.encoding=UTF-8")


class Unavailable(Exception):
    """A store cannot be fetched or started: one message that says why and what to do."""


class _Options(NamedTuple):
    """How a store is wanted."""

    read_only: bool
    union: bool
    password: str | None
    open_update: bool
    full_speed: bool = False


class _Plan(NamedTuple):
    """How a store is started, and where it answers: `ready` is fetched until it does."""

    command: list[str]
    version: str
    url: str
    query: str
    update: str
    ready: str
    user: str | None = None
    password: str | None = None
    env: Mapping[str, str] = {}
    stale: tuple[Path, ...] = ()
    after: Callable[[], None] | None = None


class Server:
    """A store that runs: where it is asked and changed, and what stops it, kills it, and starts it again."""

    def __init__(self, name: str, folder: Path, plan: _Plan) -> None:
        self.name = name
        self.version = plan.version
        self.url = plan.url
        self.query = plan.query
        self.update = plan.update
        self.user = plan.user
        self.password = plan.password
        self.log = folder / f"{name}.log"
        self._folder = folder
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that serves now, or did until it was stopped."""
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers; raises Unavailable with the end of its log where it does not."""
        assert self._process is None or self._process.poll() is not None, f"{self.name} runs already"
        for path in self._plan.stale:
            path.unlink(missing_ok=True)
        try:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._plan.command,
                    cwd=self._folder,
                    env={**os.environ, **self._plan.env},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._watcher = _watch(self._process.pid)
            self._await()
            if self._plan.after is not None:
                self._plan.after()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ask it to end and wait until it has; kill it where it takes too long. Nothing where it has ended before."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it, where it still runs, and start it over the same data at the same port."""
        self.stop()
        self.start()

    def create_repository(self, config: str) -> str:
        """Make a repository of RDF4J from its configuration in Turtle; the answer is its URL."""
        assert self.name == "rdf4j", f"{self.name} has no repositories"
        found = re.search(r'repositoryID>?\s+"([\w.-]+)"', config)
        assert found, "the configuration names no repositoryID"
        place = f"{self.url.rpartition('/')[0]}/{found[1]}"
        request = urllib.request.Request(place, config.encode(), {"Content-Type": "text/turtle"}, method="PUT")
        try:
            with _opened(request, self.user, self.password):
                return place
        except urllib.error.HTTPError as error:
            raise Unavailable(f"rdf4j made no repository {found[1]}: {error} {error.read().decode()[:500]}") from error

    def _end(self, how: signal.Signals) -> None:
        process, watcher = self._process, self._watcher
        if process is not None and process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if watcher is not None:
            watcher.kill()
            watcher.wait()
            assert watcher.stdin is not None
            watcher.stdin.close()
            self._watcher = None

    def _await(self) -> None:
        assert self._process is not None
        end = time.monotonic() + _DEADLINE
        while True:
            try:
                with _opened(urllib.request.Request(self._plan.ready), self.user, self.password):
                    return
            except OSError as error:  # what urllib raises for no connection and for a status that is no success
                if self._process.poll() is not None:
                    raise Unavailable(f"{self.name} ended with {self._process.returncode}.{self._tail()}") from error
                if time.monotonic() > end:
                    message = f"{self.name} did not answer at {self._plan.ready} in {_DEADLINE:.0f} s: {error}."
                    raise Unavailable(message + self._tail()) from error
            time.sleep(0.05)

    def _tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return "".join(f"\n    {line}" for line in (f"The end of {self.log}:", *lines))


def fetch(name: str) -> None:
    """Have a store's programs here: from Maven Central into .venv/stores, or from Debian where one may install.

    Does nothing where they are. An interrupted fetch leaves nothing half there.
    """
    if name == "oxigraph":
        _oxigraph_program()
    elif name == "virtuoso":
        _virtuoso_program()
    elif name in NAMES:
        _fetch_jars(name)
    else:
        raise Unavailable(f"no store is called {name}: there are {', '.join(NAMES)}.")


@contextmanager
def running(
    name: str,
    folder: Path,
    *,
    read_only: bool = False,
    union: bool = False,
    password: str | None = None,
    open_update: bool = False,
    full_speed: bool = False,
) -> Iterator[Server]:
    """A store that keeps its data in `folder`, fetched where needed, stopped at the end whatever happens.

    With `union` the default graph is the union of the named ones; RDF4J, Virtuoso and Blazegraph know no other and take
    no notice. With `password` the user `foedus` must give it (in Virtuoso, which is never without, the user `dba`).
    `read_only` in Virtuoso is its public endpoint, which may not update unless `open_update` says that anyone may. With
    `full_speed` Fuseki is started as it comes, for measurements, and not so that it starts quickly.
    """
    fetch(name)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    plan = _PLANS[name](folder, free_port(), _Options(read_only, union, password, open_update, full_speed))
    server = Server(name, folder, plan)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _fuseki(folder: Path, port: int, options: _Options) -> _Plan:
    """Fuseki with a persistent dataset /ds, by a configuration of its own as its documentation shows."""
    operations = ["query", "gsp-r"] if options.read_only else ["query", "update", "gsp-rw"]
    names = {"query": ("query", "sparql"), "update": ("update",), "gsp-rw": ("data",), "gsp-r": ("data",)}
    endpoints = [f"[ fuseki:operation fuseki:{operation} ]" for operation in operations]
    for operation in operations:
        endpoints += [f'[ fuseki:operation fuseki:{operation} ; fuseki:name "{name}" ]' for name in names[operation]]
    guarded = ""
    if options.password is not None:
        _write_private(folder / "passwd", f"{USER}: {options.password}\n")
        guarded = '[] a fuseki:Server ; fuseki:passwd "passwd" ; fuseki:auth "basic" ; fuseki:allowedUsers "*" .\n'
    config = f"""\
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
{guarded}
<#service> a fuseki:Service ;
    fuseki:name "ds" ;
    fuseki:endpoint {" , ".join(endpoints)} ;
    fuseki:dataset <#dataset> .
<#dataset> a tdb2:DatasetTDB2 ;
    tdb2:location "tdb2" ;
    tdb2:unionDefaultGraph {str(options.union).lower()} .
"""
    (folder / "config.ttl").write_text(config, encoding="utf-8")
    jar = _jar("fuseki", "jena-fuseki-server")
    url = f"http://127.0.0.1:{port}/ds"
    java = [_java(), *(_JAVA_AT_FULL_SPEED if options.full_speed else _JAVA)]
    return _Plan(
        [*java, "-jar", str(jar), "--localhost", "--port", str(port), "--config", "config.ttl"],
        _version(jar),
        url,
        f"{url}/query",
        f"{url}/update",
        f"{url}/query?query=ASK%7B%7D",
        None if options.password is None else USER,
        options.password,
        {"FUSEKI_BASE": str(folder / "run")},
    )


def _rdf4j(folder: Path, port: int, options: _Options) -> _Plan:
    """RDF4J Server in Jetty, with a NativeStore `foedus`; guarded, as its documentation advises, by the container."""
    for name in ("tmp", "data"):
        (folder / name).mkdir(exist_ok=True)
    place = folder / "data" / "server" / "repositories" / REPOSITORY / "config.ttl"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(native_store(REPOSITORY), encoding="utf-8")
    war, runner = _jar("rdf4j", "rdf4j-http-server"), _jar("rdf4j", "jetty-runner")
    login = ""
    constraints = ""
    if options.read_only:
        constraints += _constraint(
            [f"/repositories/{REPOSITORY}{path}" for path in ("/statements", "/rdf-graphs/*", "/transactions/*")],
            ["POST", "PUT", "DELETE"],
            "",
        )
        constraints += _constraint(["/repositories/*"], ["PUT", "DELETE"], "")
    if options.password is not None:
        _write_private(folder / "realm.properties", f"{USER}: {options.password}, user\n")
        constraints += _constraint(["/*"], [], "<role-name>user</role-name>")
        constraints += "<login-config><auth-method>BASIC</auth-method><realm-name>foedus</realm-name></login-config>"
        constraints += "<security-role><role-name>user</role-name></security-role>"
        login = f"""
  <Get name="securityHandler"><Set name="loginService">
    <New class="org.eclipse.jetty.security.HashLoginService">
      <Set name="name">foedus</Set>
      <Set name="config">{folder / "realm.properties"}</Set>
    </New>
  </Set></Get>"""
    override = f'<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0">{constraints}</web-app>\n'
    (folder / "override-web.xml").write_text(override, encoding="utf-8")
    context = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "http://www.eclipse.org/jetty/configure_9_3.dtd">
<Configure class="org.eclipse.jetty.webapp.WebAppContext">
  <Set name="contextPath">/rdf4j-server</Set>
  <Set name="war">{war}</Set>
  <Set name="overrideDescriptor">{folder / "override-web.xml"}</Set>{login}
</Configure>
"""
    (folder / "context.xml").write_text(context, encoding="utf-8")
    url = f"http://127.0.0.1:{port}/rdf4j-server/repositories/{REPOSITORY}"
    places = [f"-Djava.io.tmpdir={folder / 'tmp'}", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}"]
    return _Plan(
        [_java(), *_JAVA, *places, "-jar", str(runner), "--host", "127.0.0.1", "--port", str(port), "context.xml"],
        _version(war),
        url,
        url,
        f"{url}/statements",
        f"{url}/size",
        None if options.password is None else USER,
        options.password,
    )


def native_store(name: str) -> str:
    """The configuration of a persistent repository of RDF4J 4, in Turtle."""
    return f"""\
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ns: <http://www.openrdf.org/config/sail/native#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

[] a rep:Repository ;
    rep:repositoryID "{name}" ;
    rdfs:label "{name}" ;
    rep:repositoryImpl [
        rep:repositoryType "openrdf:SailRepository" ;
        sr:sailImpl [
            sail:sailType "openrdf:NativeStore" ;
            ns:tripleIndexes "spoc,posc,cspo"
        ]
    ] .
"""


def _constraint(paths: list[str], methods: list[str], roles: str) -> str:
    """A rule of web.xml: these methods (all where none is named) need one of the roles; without roles nobody may."""
    collection = "".join(f"<url-pattern>{path}</url-pattern>" for path in paths)
    collection += "".join(f"<http-method>{method}</http-method>" for method in methods)
    return (
        "<security-constraint><web-resource-collection><web-resource-name>foedus</web-resource-name>"
        f"{collection}</web-resource-collection><auth-constraint>{roles}</auth-constraint></security-constraint>"
    )


def _virtuoso(folder: Path, port: int, options: _Options) -> _Plan:
    """Virtuoso with the settings of Debian's virtuoso.ini where they matter to a client."""
    program = _virtuoso_program()
    sql = f"127.0.0.1:{free_port()}"
    (folder / "vsp").mkdir(exist_ok=True)
    config = f"""\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.errors
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = {sql}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 60
CaseMode = 2
MaxStaticCursorRows = 5000
DirsAllowed = .
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = vsp
MaxClientConnections = 10
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
HTTPThreadSize = 280000
Charset = UTF-8
EnabledGzipContent = 1

[URIQA]
DynamicLocal = 0
DefaultHost = 127.0.0.1:{port}

[SPARQL]
ResultSetMaxRows = 10000
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 60
"""
    (folder / "virtuoso.ini").write_text(config, encoding="utf-8")
    password = options.password or "dba"

    right = 'GRANT SPARQL_UPDATE TO "SPARQL"' if options.open_update else 'REVOKE SPARQL_UPDATE FROM "SPARQL"'

    def settle() -> None:
        """Set the password of dba, which is "dba" in a new database, and what the public may do."""
        if password != "dba" and not _isql(sql, password, "SELECT 1"):
            _isql(sql, "dba", f'SET PASSWORD dba "{password}"')
            _isql(sql, password, "CHECKPOINT")  # without which it is forgotten at the next start
        if not _isql(sql, password, "SELECT 1"):
            raise Unavailable(f"virtuoso's database in {folder} has another password than {password}.")
        _isql(sql, password, right)  # refused where it is so already

    url = f"http://127.0.0.1:{port}/sparql"
    public = options.read_only or options.open_update
    return _Plan(
        [program, "+foreground", "+configfile", "virtuoso.ini"],
        _virtuoso_version(program),
        url,
        url,
        url if public else f"{url}-auth",
        f"{url}?query=ASK%7B%7D",
        None if public else "dba",
        None if public else password,
        stale=(folder / "virtuoso.lck",),
        after=settle,
    )


def _isql(address: str, password: str, statement: str) -> bool:
    """Whether Virtuoso did as it was told."""
    command = ["isql-vt", address, "dba", password, "ERRORS=STDOUT", f"EXEC={statement};"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0 and "*** Error" not in done.stdout


def _oxigraph(folder: Path, port: int, options: _Options) -> _Plan:
    """Oxigraph's own server, which knows no users."""
    program = _oxigraph_program()
    if options.password is not None:
        raise Unavailable("oxigraph knows no passwords: ask another store for that.")
    location = ["--location", str(folder / "db")]
    command = [program, "serve", *location]
    if options.read_only:
        if not (folder / "db").exists():  # only a server that may write makes a database
            _make_oxigraph(program, folder)
        command = [program, "serve-read-only", *location]
    if options.union:
        command.append("--union-default-graph")
    url = f"http://127.0.0.1:{port}/"
    return _Plan(
        [*command, "--bind", f"127.0.0.1:{port}"],
        _said([program, "--version"], r"\S+ (\S+)"),
        url,
        f"{url}query",
        f"{url}update",
        f"{url}query?query=ASK%7B%7D",
    )


def _make_oxigraph(program: str, folder: Path) -> None:
    empty = folder / "empty.nt"
    empty.touch()
    command = [program, "load", "--location", str(folder / "db"), "--file", str(empty)]
    subprocess.run(command, check=True, capture_output=True)


def _blazegraph(folder: Path, port: int, options: _Options) -> _Plan:
    """Blazegraph with quads in its namespace `kb`.

    Its StandaloneNanoSparqlServer finds its web pages in a way that Java 9 ended, so they are unpacked and the class
    beneath it is started.
    """
    if options.password is not None:
        raise Unavailable("blazegraph knows no passwords: ask another store for that.")
    jar = _jar("blazegraph", "blazegraph-jar")
    pages = folder / "pages"
    if not pages.exists():
        with zipfile.ZipFile(jar) as packed:
            packed.extractall(pages, [name for name in packed.namelist() if name.startswith("war/")])
    properties = f"""\
com.bigdata.journal.AbstractJournal.file={folder / "blazegraph.jnl"}
com.bigdata.journal.AbstractJournal.bufferMode=DiskRW
com.bigdata.journal.AbstractJournal.initialExtent=10485760
com.bigdata.journal.AbstractJournal.maximumExtent=209715200
com.bigdata.service.AbstractTransactionService.minReleaseAge=1
com.bigdata.journal.Journal.groupCommit=false
com.bigdata.rdf.sail.truthMaintenance=false
com.bigdata.rdf.store.AbstractTripleStore.quads=true
com.bigdata.rdf.store.AbstractTripleStore.statementIdentifiers=false
com.bigdata.rdf.store.AbstractTripleStore.textIndex=false
com.bigdata.rdf.store.AbstractTripleStore.axiomsClass=com.bigdata.rdf.axioms.NoAxioms
"""
    (folder / "kb.properties").write_text(properties, encoding="utf-8")
    override = folder / "override-web.xml"
    override.write_text(
        '<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.1"><context-param>'
        f"<param-name>readOnly</param-name><param-value>{str(options.read_only).lower()}</param-value>"
        "</context-param></web-app>\n",
        encoding="utf-8",
    )
    url = f"http://127.0.0.1:{port}/blazegraph/namespace/kb/sparql"
    settings = {
        "jetty.host": "127.0.0.1",
        "jetty.port": str(port),
        "jetty.home": str(pages / "war"),
        "jetty.overrideWebXml": str(override),
    }
    main = "com.bigdata.rdf.sail.webapp.NanoSparqlServer"
    defined = [f"-D{name}={value}" for name, value in settings.items()]
    return _Plan(
        [_java(), *_JAVA, *defined, "-cp", str(jar), main, str(port), "kb", "kb.properties"],
        _version(jar),
        url,
        url,
        url,
        f"{url}?query=ASK%7B%7D",
    )


_PLANS: dict[str, Callable[[Path, int, _Options], _Plan]] = {
    "fuseki": _fuseki,
    "rdf4j": _rdf4j,
    "virtuoso": _virtuoso,
    "oxigraph": _oxigraph,
    "blazegraph": _blazegraph,
}


def _fetch_jars(name: str) -> None:
    """Fetches into a folder beside the one that is used, so that an interrupted run leaves nothing half there."""
    pom = HERE / f"{name}-pom.xml"
    kept = KEPT / name
    if _same(pom, kept / "pom.xml"):
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _same(pom, kept / "pom.xml"):  # another process was first
            return
        for left in KEPT.glob(f"{name}.new.*"):
            shutil.rmtree(left)
        maven = shutil.which("mvn")
        if maven is None:
            raise Unavailable(f"{name} cannot be fetched: Maven is not here, install mvn.")
        new = Path(tempfile.mkdtemp(prefix=f"{name}.new.", dir=KEPT))
        try:
            command = [maven, "--batch-mode", "--quiet", "--strict-checksums", "--file", str(pom)]
            command += ["dependency:copy-dependencies", f"-DoutputDirectory={new / 'lib'}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                said = re.findall(r"(?m)ERROR\S*\] ([A-Z].*)", done.stdout + done.stderr)[:1] or [done.stderr]
                raise Unavailable(f"{name} could not be fetched from Maven Central: {said[0]}")
            shutil.copy(pom, new / "pom.xml")
            shutil.rmtree(kept, ignore_errors=True)
            new.rename(kept)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def _jar(store: str, name: str) -> Path:
    return next((KEPT / store / "lib").glob(f"{name}-[0-9]*"))


def _version(jar: Path) -> str:
    found = re.search(r"-(\d[^-]*)\.[jw]ar$", jar.name)
    assert found
    return found[1]


def _java() -> str:
    """Java 17 or later."""
    program = shutil.which("java")
    if program is None:
        raise Unavailable("Java is not here: install Java 17 or later.")
    version = _said([program, "-version"], r'version "(\d+)')
    if int(version) < 17:
        raise Unavailable(f"{program} is Java {version}: install Java 17 or later.")
    return program


def _virtuoso_program() -> str:
    if shutil.which("virtuoso-t") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "virtuoso-opensource-7-bin"]
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, capture_output=True, env=env, check=False)
    program = shutil.which("virtuoso-t")
    if program is None or shutil.which("isql-vt") is None:
        raise Unavailable("virtuoso is not here: install Debian's package virtuoso-opensource-7-bin.")
    return program


def _virtuoso_version(program: str) -> str:
    return _said([program, "--help"], r"Version (\d[\d.]*)")


def _oxigraph_program() -> str:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        raise Unavailable("oxigraph is not here: install the Python package oxigraph.")
    return program


def _said(command: list[str], pattern: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    if found is None:
        raise Unavailable(f"{' '.join(command)} does not tell a version: {(done.stdout + done.stderr)[:200]}")
    return found[1]


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _watch(pid: int) -> subprocess.Popen[bytes]:
    """A process that ends `pid` when this one is gone, however it went: its standard input closes then."""
    script = 'read -r _; kill "$0"; for n in 1 2 3 4 5 6 7 8 9; do kill -0 "$0" || exit; sleep 1; done; kill -9 "$0"'
    return subprocess.Popen(
        ["/bin/sh", "-c", script, str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@contextmanager
def _opened(request: urllib.request.Request, user: str | None, password: str | None) -> Iterator[None]:
    """Send a request, past any proxy; raises HTTPError where the answer is no success."""
    if user is not None:
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
        yield


def main(arguments: list[str] | None = None) -> int:
    """Start the named stores, say where they are, and wait for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.stores.servers", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--union", action="store_true", help="the default graph is the union of the named graphs")
    parser.add_argument("--password", help="guard it with this password")
    parser.add_argument("--open-update", action="store_true", help="anyone may update Virtuoso")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = {"read_only": given.read_only, "union": given.union, "open_update": given.open_update}
    try:
        with contextlib.ExitStack() as stack:
            for name in given.names or NAMES:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{name}-")))
                server = stack.enter_context(running(name, folder, password=given.password, **options))
                _say(f"{server.name} {server.version} (process {server.pid}, log {server.log})")
                _say(f"    url     {server.url}\n    query   {server.query}\n    update  {server.update}")
                if server.user is not None:
                    _say(f"    user    {server.user}, password {server.password}")
            _say("Ctrl-C stops.")
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except Unavailable as error:
        sys.stderr.write(f"servers: {error}\n")
        return 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
