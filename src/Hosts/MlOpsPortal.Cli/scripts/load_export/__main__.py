"""Loads a folder that `mlops export mlflow` wrote into a plain MLflow server (3.0 or later), with nothing but MLflow's own client.

    MLFLOW_TRACKING_TOKEN=... python load_export FOLDER http://127.0.0.1:5000

Run again, it adds nothing twice and continues where it was stopped: what it makes carries a tag from the moment it is made. Other settings of the
client (credentials, certificates, time-outs) are MLflow's own environment variables.
"""

import argparse
import os
import sys

os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")

from export import Export, Fault  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from server import Server  # noqa: E402
from tracking import Loader  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("url", help="the MLflow server's address")
    parser.add_argument("--rename", action="store_true", help="load what has a name that is taken under another one")
    given = parser.parse_args()
    try:
        loader = Loader(Export(given.folder), Server(given.url), given.rename)
        loader.load()
    except Fault as fault:
        sys.exit(str(fault))
    except MlflowException as refusal:
        sys.exit(f"{given.url} does not take it: {refusal}")
    for kind, counts in loader.tally.counts.items():
        print(f"{kind:18}" + "".join(f"{amount:>10,} {outcome}" for outcome, amount in counts.items()))
    for note in loader.tally.notes:
        print(f"not loaded: {note}")
    sys.exit(3 if loader.tally.notes else 0)


if __name__ == "__main__":
    main()
