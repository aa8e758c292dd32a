"""MLflow's REST API, through MLflow's own client, and the little that is said about its JSON everywhere."""

import threading

from mlflow import MlflowClient
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.rest_utils import http_request, verify_rest_response

ORIGIN, STATE, FILLER, OURS = "mlopsportal.import_id", "mlopsportal.import_state", "mlopsportal.import_filler", "mlopsportal."


class Server:
    """MLflow's REST API: what is in the export is in its words already. The client brings credentials, certificates, retries, and uploads files."""

    def __init__(self, url):
        self.client = MlflowClient(tracking_uri=url, registry_uri=url)
        self.credentials = get_default_host_creds(url.rstrip("/"))

    def call(self, method, path, **body):
        given = {"params" if method == "GET" else "json": {key: value for key, value in body.items() if value is not None}}
        return verify_rest_response(http_request(self.credentials, f"/api/2.0/mlflow/{path}", method, **given), path).json()

    def post(self, path, **body):
        return self.call("POST", path, **body)

    def all(self, method, path, field, **body):
        token = None
        while token != "":
            page = self.call(method, path, page_token=token, **body)
            yield from page.get(field, [])
            token = page.get("next_page_token", "")

    def versions(self, name):
        quoted = f'"{name}"' if "'" in name else f"'{name}'"
        return {int(version["version"]): version for version in self.all("GET", "model-versions/search", "model_versions", filter=f"name = {quoted}")}


class Tally:
    def __init__(self):
        self.counts, self.notes, self.lock = {}, [], threading.Lock()

    def add(self, kind, outcome, amount=1):
        with self.lock:
            self.counts.setdefault(kind, {"written": 0, "there": 0, "skipped": 0})[outcome] += amount

    def skip(self, kind, what, reason):
        self.add(kind, "skipped")
        self.notes.append(f"{kind} {what}: {reason}")


def tag(thing, key):
    return next((each.get("value") for each in thing.get("tags", []) if each["key"] == key), None)


def pairs(values):
    return [{"key": key, "value": value} for key, value in values.items()]


def exactly(metric):
    return metric["key"], str(float(metric["value"])), int(metric["timestamp"]), int(metric.get("step", 0))
