"""What stands in the way before there is an answer of the API: the connection itself, TLS, and proxies."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

from harness.cli.options import Flags
from tests.harness.run.listeners import CA, LIST, Talk, context, head_of, http, page, saying, self_signed, silent
from tests.harness.run.staging import NOW, Diagnosis, Setup, Stage, at, over_tls, plain


def wanting_a_certificate(newest: ssl.TLSVersion) -> ssl.SSLContext:
    made = context("127.0.0.1")
    made.verify_mode, made.maximum_version = ssl.CERT_REQUIRED, newest
    CA.configure_trust(made)
    return made


def alert(number: int) -> Talk:
    """A server whose TLS says no with this alert (RFC 8446 6.2)."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(bytes((0x15, 3, 3, 0, 2, 2, number)))

    return talk


def by_proxy(talk: Talk, scheme: str = "https", variable: str = "") -> Setup:
    """A subject on another machine, and a proxy on the way to it, named by an option or a variable."""

    def setup(stage: Stage) -> Flags:
        proxy = f"http://127.0.0.1:{stage.port(talk)}"
        if variable:
            stage.set_variable(variable, proxy)
        return at(f"{scheme}://cpo.example/ocpi", **({} if variable else {"proxy": proxy}))

    return setup


def opening_tls(connection: socket.socket) -> None:
    """A proxy that opens TLS: whoever asks for a tunnel gets a certificate of its own."""
    assert "CONNECT" in head_of(connection)
    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with context("cpo.example").wrap_socket(connection, server_side=True) as inside:
        saying(http(200, LIST))(inside)


def no_proxy_there(stage: Stage) -> Flags:
    stage.set_variable("ALL_PROXY", f"127.0.0.1:{stage.free_port()}")
    return at("https://cpo.example/ocpi")


def hanging_up(connection: socket.socket) -> None:
    head_of(connection)


def of_something_else(said: bytes) -> Talk:
    return lambda connection: connection.sendall(said)


YESTERDAY, TOMORROW, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1), NOW + timedelta(days=90)
NEVER_ENDED = datetime(2019, 1, 1, tzinfo=UTC)
NGINX_TLS = page(400, "400 The plain HTTP request was sent to HTTPS port")
GO_TLS = http(400, "Client sent an HTTP request to an HTTPS server.\n", "text/plain")
TOMCAT_TLS = http(400, "Bad Request\r\nThis combination of host and port requires TLS.\r\n", "text/plain")
NGINX_CERTIFICATE = page(400, "400 No required SSL certificate was sent")
SQUID = page(403, "ERROR: The requested URL could not be retrieved", X_Squid_Error="ERR_ACCESS_DENIED 0")

MAIL = b"220 mail ESMTP"

OF_THE_CONNECTION = (
    Diagnosis(
        "a name that does not resolve", lambda _: at("https://cpo.invalid/ocpi"),
        "connection (name)", ("https://cpo.invalid", "name does not resolve"), ("spelling", "--url", "getent hosts"),
    ),
    Diagnosis(
        "a port where nobody listens", lambda stage: at(f"http://127.0.0.1:{stage.free_port()}/ocpi"),
        "connection (refused)", ("connection refused",), ("start the server", "container"),
    ),
    Diagnosis(
        "a server that never answers", plain(silent),
        "connection (timeout)", ("no answer within the time limit",), ("raise pull.page_timeout_s", "stuck"), 0.15,
    ),
    Diagnosis(
        "a server that hangs up", plain(hanging_up),
        "connection (reset)", ("ended without an answer",), ("port", "log"),
    ),
    Diagnosis(
        "a server of something else", plain(of_something_else(b"SSH-2.0-OpenSSH_9.6\r\n")),
        "connection (not-http)", ("not HTTP", "'SSH-2.0-OpenSSH_9.6'"), ("something else listens", "--url"),
    ),
    Diagnosis(
        "something else where TLS is expected",
        lambda stage: at(f"https://127.0.0.1:{stage.port(of_something_else(MAIL))}/ocpi"),
        "connection (not-http)", ("not HTTP", "'220 mail ESMTP'"), ("something else listens",),
    ),
)  # fmt: skip

OF_TLS = (
    Diagnosis(
        "a certificate of an unknown CA", over_tls(lambda _: context("127.0.0.1"), trusted=False),
        "connection (tls)", ("certificate not trusted", "issued by 'Example Trust' for 127.0.0.1"),
        ("give the certificate of 'Example Trust' with --ca-file", "intermediate"),
    ),
    Diagnosis(
        "a certificate that signs itself",
        over_tls(lambda stage: self_signed(stage.folder, "127.0.0.1"), trusted=False),
        "connection (tls)", ("certificate not trusted", "issued by itself"), ("that very certificate with --ca-file",),
    ),
    Diagnosis(
        "an expired certificate", over_tls(lambda _: context("127.0.0.1", begins=NEVER_ENDED, ends=YESTERDAY)),
        "connection (tls)", ("expired", f"until {YESTERDAY:%Y-%m-%d}"), ("renew", "this machine's clock, which says"),
    ),
    Diagnosis(
        "a certificate of the future", over_tls(lambda _: context("127.0.0.1", begins=TOMORROW, ends=LATER)),
        "connection (tls)", ("not yet valid", f"from {TOMORROW:%Y-%m-%d}"), ("set this machine's clock",),
    ),
    Diagnosis(
        "a certificate for other names", over_tls(lambda _: context("cpo.example", "*.cpo.example")),
        "connection (tls)", ("certificate not trusted", "for cpo.example, *.cpo.example"),
        ("a name that the certificate has", "--connect-to 127.0.0.1:"),
    ),
    Diagnosis(
        "a client certificate that is missing", over_tls(lambda _: wanting_a_certificate(ssl.TLSVersion.TLSv1_3)),
        "connection (client-certificate)", ("asks for a client certificate",), ("--client-cert and --client-key",),
    ),
    Diagnosis(
        "a missing certificate under TLS 1.2", over_tls(lambda _: wanting_a_certificate(ssl.TLSVersion.TLSv1_2)),
        "connection (tls)", ("HANDSHAKE_FAILURE",), ("may want a client certificate", "--client-cert"),
    ),
    Diagnosis(
        "a missing certificate, asked for in HTTP", over_tls(lambda _: context("127.0.0.1"), says=NGINX_CERTIFICATE),
        "interface", ("a client certificate is asked for",), ("--client-cert and --client-key",),
    ),
    Diagnosis(
        "plain HTTP on the port of a URL with https",
        lambda stage: at(f"https://127.0.0.1:{stage.port(saying(http(200, LIST)))}/ocpi"),
        "connection (tls)", ("plain HTTP is spoken on this port, and the URL says https",), ("give http://127.0.0.1:",),
    ),
    Diagnosis(
        "TLS on the port of a URL with http",
        lambda stage: at(f"http://127.0.0.1:{stage.port(saying(http(200, LIST)), context('127.0.0.1'))}/ocpi"),
        "connection (tls)", ("TLS is spoken on this port, and the URL says http",), ("give https://127", "/ocpi as"),
    ),
    *(
        Diagnosis(
            f"TLS on that port, as {server} says it", plain(saying(said)),
            "connection (tls)", ("TLS is spoken on this port, and the URL says http",), ("give https://127.0.0.1:",),
        )
        for server, said in (("nginx", NGINX_TLS), ("Go", GO_TLS), ("Tomcat", TOMCAT_TLS))
    ),
    Diagnosis(
        "a version of TLS that is too old", lambda stage: at(f"https://127.0.0.1:{stage.port(alert(70))}/ocpi"),
        "connection (tls)", ("PROTOCOL_VERSION",), ("let it speak 1.2 or 1.3",),
    ),
    Diagnosis(
        "a host that the server does not know", lambda stage: at(f"https://127.0.0.1:{stage.port(alert(112))}/ocpi"),
        "connection (tls)", ("UNRECOGNIZED_NAME",), ("no host of that name", "--url"),
    ),
)  # fmt: skip

OF_A_PROXY = (
    Diagnosis(
        "a proxy that wants a login", by_proxy(saying(http(407, "")), variable="HTTPS_PROXY"),
        "connection (proxy)", ("the proxy http://127.0.0.1:", "(environment variable HTTPS_PROXY)", "407"),
        ("user and password", "HTTPS_PROXY"),
    ),
    Diagnosis(
        "a proxy that forbids the host", by_proxy(saying(http(403, ""))),
        "connection (proxy)", ("the proxy http://127.0", "(--proxy)", "403"), ("allow cpo.example:443", "NO_PROXY"),
    ),
    Diagnosis(
        "a proxy that finds no way", by_proxy(saying(http(502, "")), variable="https_proxy"),
        "connection (proxy)", ("(environment variable https_proxy)", "502"), ("the host in --url", "--proxy none"),
    ),
    Diagnosis(
        "a proxy that is not there", no_proxy_there,
        "connection (proxy)", ("(environment variable ALL_PROXY)", "is not reached: connection refused"),
        ("start the proxy", "--proxy none"),
    ),
    Diagnosis(
        "a proxy that is silent", by_proxy(silent),
        "connection (proxy)", ("(--proxy)", "time limit"), ("--proxy none",), 0.15,
    ),
    Diagnosis(
        "a proxy that opens TLS", by_proxy(opening_tls),
        "connection (tls)", ("issued by 'Example Trust' for cpo.example",), ("the proxy http", "its CA with --ca-file"),
    ),
    Diagnosis(
        "a proxy that wants a login for plain HTTP", by_proxy(saying(http(407, "")), "http", "HTTP_PROXY"),
        "connection (proxy)", ("(environment variable HTTP_PROXY)", "answers itself: 407"), ("user and password",),
    ),
    Diagnosis(
        "a proxy's own page", by_proxy(saying(SQUID), "http"),
        "connection (proxy)", ("answers itself: 403", "could not be retrieved"), ("allow cpo.example:80",),
    ),
    Diagnosis(
        "a page that may be the proxy's", by_proxy(saying(page(200, "Accept the rules first")), "http"),
        "interface", ("a web page answers, not the API, titled 'Accept the rules first'",), ("the page of the proxy",),
    ),
)  # fmt: skip
