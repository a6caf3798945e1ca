"""Serve the reference CPO: `CPO_TOKEN=… python -m <this package> --port 8080`."""

import argparse
import os

import uvicorn

from .app import create_app


def main() -> None:
    """Read the options and serve until interrupted.

    Secrets come from the environment: others on the machine can read a command line. With CPO_CLIENT_ID and
    CPO_CLIENT_SECRET there is a token endpoint besides, at /oauth2/token.
    """
    parser = argparse.ArgumentParser(description="A reference CPO: OCPI 2.2.1 Locations and Tariffs to pull.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--seed", type=int, default=1, help="which made-up data (default 1)")
    parser.add_argument("--locations", type=int, default=300, help="how many made-up Locations (default 300)")
    parser.add_argument("--party", default="NL/XPO", help="country code and party id (default NL/XPO)")
    parser.add_argument("--page-size", type=int, default=50, help="most objects in a page (default 50)")
    parser.add_argument("--database", default=":memory:", help="SQLite file (default: in memory)")
    parser.add_argument("--public-url", help="the base URL that others use, such as https://cpo.example/ocpi/2.2.1")
    options = parser.parse_args()
    token = os.environ.get("CPO_TOKEN", "")
    country_code, _, party_id = options.party.partition("/")
    if not token:
        parser.error("set CPO_TOKEN to the token that pullers must send")
    client = os.environ.get("CPO_CLIENT_ID", ""), os.environ.get("CPO_CLIENT_SECRET", "")
    if any(client) and not all(client):
        parser.error("set both CPO_CLIENT_ID and CPO_CLIENT_SECRET, or neither")
    if len(country_code) != 2 or len(party_id) != 3:
        parser.error("--party is written as NL/XPO")
    app = create_app(
        token=token,
        seed=options.seed,
        locations=options.locations,
        party=(country_code, party_id),
        page_size=options.page_size,
        database=options.database,
        public_url=options.public_url,
        oauth_client=client if all(client) else None,
    )
    uvicorn.run(app, host=options.host, port=options.port)


if __name__ == "__main__":
    main()
