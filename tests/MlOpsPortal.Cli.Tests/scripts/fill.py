"""Fills an MLflow server over its REST API: the same seed gives the same content.

    python fill.py http://127.0.0.1:5000 --runs 2000 --seed 7

Nested runs, long histories, NaN and infinities, artifacts with odd names, datasets, logged models, registered models with gaps in their
version numbers, aliases and stages, deleted runs and a deleted experiment.
"""

import argparse
import concurrent.futures
import random
import sys
import threading
import urllib.parse

import requests

ODD_NAMES = [
    "plain.txt", "with space.txt", "100%.txt", "plus+sign.txt", "question?.txt", "umlaut ü/ñandú.bin", "日本/図.txt", ".hidden",
    "deep/er/and/deeper/file.json", "semi;colon,comma.txt", "quote'\".txt", "amp&ersand=.txt", "a..b/c...txt", "~tilde", "-dash", "[brackets]{braces}.txt",
]
KEYS = ["loss", "val/accuracy", "f1 score", "auc-roc", "rmse", "system/cpu_utilization_percentage"]
START = 1_700_000_000_000


class Server:
    def __init__(self, url):
        self.url = url.rstrip("/")
        self.local = threading.local()
        self.datasets = threading.Lock()

    def session(self):
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        return self.local.session

    def call(self, method, path, body=None, api="2.0"):
        answer = self.session().request(method, f"{self.url}/api/{api}/mlflow/{path}", json=body or {}, timeout=300)
        if answer.status_code != 200:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def post(self, path, body):
        return self.call("POST", path, body)

    def put(self, root, path, content):
        root = root[len("mlflow-artifacts:/"):].lstrip("/")
        target = urllib.parse.quote(f"{root}/{path}", safe="/")
        answer = self.session().put(f"{self.url}/api/2.0/mlflow-artifacts/artifacts/{target}", data=content, timeout=300)
        if answer.status_code != 200:
            raise SystemExit(f"PUT {path}: {answer.status_code} {answer.text[:500]}")


def tags(values):
    return [{"key": key, "value": value} for key, value in values.items()]


def history(dice, key, points, start):
    values = []
    for step in range(points):
        value = dice.choice([round(dice.random() * 10, dice.randint(0, 12)), dice.random() / (step + 1), dice.gauss(0, 1e6)])
        values.append({"key": key, "value": value, "timestamp": start + step * 37, "step": step})
    return values


def metrics_of(dice, number, start):
    points = 3000 if number % 400 == 17 else 26_000 if number == 40 else dice.choice([1, 1, 2, 10, 25])
    found = []
    for key in dice.sample(KEYS, dice.randint(1, 4)):
        found += history(dice, key, points if key == "loss" or points < 3000 else 3, start)
    if number % 40 == 40 // 2 or number == 40:
        found += history(dice, "loss", 26_000 if number == 40 else 5, start + 1)
    if number % 7 == 3:
        found += [
            {"key": "odd", "value": "NaN", "timestamp": start, "step": 0},
            {"key": "odd", "value": "Infinity", "timestamp": start + 1, "step": 1},
            {"key": "odd", "value": "-Infinity", "timestamp": start + 2, "step": 2},
            {"key": "odd", "value": -0.0, "timestamp": start + 3, "step": -5},
            {"key": "odd", "value": 1e-308, "timestamp": start + 4, "step": 2**40},
        ]
    if number % 11 == 4:
        found += [{"key": "ends in NaN", "value": value, "timestamp": start + at, "step": at} for at, value in enumerate([0.5, 0.25, "NaN"])]
    return found


def log(server, run_id, metrics, params, run_tags):
    batches = [metrics[at:at + 800] for at in range(0, len(metrics), 800)] or [[]]
    for at, batch in enumerate(batches):
        server.post("runs/log-batch", {"run_id": run_id, "metrics": batch, "params": tags(params) if at == 0 else [], "tags": tags(run_tags) if at == 0 else []})


def make_run(server, seed, number, experiment, parent):
    dice = random.Random(f"{seed}/{number}")
    start = START + number * 60_000
    user = dice.choice(["ana", "björn", "chen"])
    run = server.post("runs/create", {
        "experiment_id": experiment, "user_id": user, "run_name": dice.choice(["", "baseline", f"trial {number}", "größer & besser"]), "start_time": start,
        "tags": tags({"mlflow.user": user, "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL", "fill.number": str(number)}),
    })["run"]
    run_id, root = run["info"]["run_id"], run["info"]["artifact_uri"]

    more = {"team": dice.choice(["red", "blue"])}
    if parent:
        more["mlflow.parentRunId"] = parent
    if number % 9 == 0:
        more["mlflow.note.content"] = "# A note\nwith *markdown* and ünïcode\n" * dice.randint(1, 30)
    params = {f"param_{at}": dice.choice([str(dice.random()), "x" * 5000, "", "a=b, c='d'", "größe"]) for at in range(dice.randint(0, 9))}
    log(server, run_id, metrics_of(dice, number, start), params, more)

    if number % 5 == 1:
        with server.datasets:  # MLflow itself fails when two runs bring the same dataset at once
            server.post("runs/log-inputs", {"run_id": run_id, "datasets": [
                {"tags": tags({"mlflow.data.context": context}), "dataset": {
                    "name": name, "digest": f"d{number % 3}", "source_type": "local", "source": '{"uri": "data.csv"}', "schema": '{"a": "long"}', "profile": '{"rows": 3}'}}
                for name, context in [("train", "training"), ("eval", "evaluation")]]})
    if number % 8 == 2:
        for name in dice.sample(ODD_NAMES, 3) if number > 60 else ODD_NAMES:
            server.put(root, name, f"{name} of run {number}\n".encode() * dice.randint(1, 50))
        server.put(root, "empty.txt", b"")
    if number == 42:
        server.put(root, "big.bin", random.Random(seed).randbytes(12_000_000))

    status = dice.choice(["FINISHED"] * 7 + ["FAILED", "KILLED", "RUNNING", "SCHEDULED"])
    if status != "RUNNING":
        server.post("runs/update", {"run_id": run_id, "status": status, "end_time": start + 50_000} if status != "SCHEDULED" else {"run_id": run_id, "status": status})
    return {"number": number, "run_id": run_id, "experiment_id": experiment, "root": root}


def make_model(server, number, run):
    made = server.post("logged-models", {
        "experiment_id": run["experiment_id"], "name": f"model-{number}", "model_type": "sklearn", "source_run_id": run["run_id"],
        "params": tags({f"p{at}": str(at) for at in range(120 if number == 3 else 2)}), "tags": tags({"fill.model": str(number)}),
    }) if number != 3 else server.post("logged-models", {
        "experiment_id": run["experiment_id"], "name": "model-3", "model_type": "", "source_run_id": run["run_id"],
        "params": tags({f"p{at}": str(at) for at in range(100)}), "tags": tags({"fill.model": "3"})})
    model = made["model"]["info"]
    model_id, root = model["model_id"], model["artifact_uri"]
    if number == 3:
        server.post(f"logged-models/{model_id}/params", {"model_id": model_id, "params": tags({f"more{at}": "1" for at in range(20)})})
    server.post("runs/outputs", {"run_id": run["run_id"], "models": [{"model_id": model_id, "step": number}]})
    server.post("runs/log-batch", {"run_id": run["run_id"], "metrics": [
        {"key": "model metric", "value": 0.5 + number / 1000, "timestamp": START + number, "step": number, "model_id": model_id, "dataset_name": "eval", "dataset_digest": "d1"}]})
    server.put(root, "MLmodel", f"flavors:\n  python_function:\n    loader_module: none\nmodel_id: {model_id}\nrun_id: {run['run_id']}\n".encode())
    server.put(root, "data/model ü.pkl", bytes(range(256)) * (number + 1))
    if number % 5 != 4:
        server.call("PATCH", f"logged-models/{model_id}", {"model_id": model_id, "status": "LOGGED_MODEL_READY" if number % 5 != 3 else "LOGGED_MODEL_UPLOAD_FAILED"})
    return {"model_id": model_id, "run_id": run["run_id"], "root": root}


def register(server, name, sources, description="", deleted=(), aliases=None, stages=None):
    server.post("registered-models/create", {"name": name, "description": description, "tags": tags({"owner": "ana", "größe": "ü"})})
    for number, source in enumerate(sources, 1):
        server.post("model-versions/create", {
            "name": name, **source, "description": f"version {number}", "tags": tags({"fill.version": str(number)}), "run_link": "https://example.test/run"})
    for number, stage in (stages or {}).items():
        server.post("model-versions/transition-stage", {"name": name, "version": str(number), "stage": stage, "archive_existing_versions": False})
    for alias, number in (aliases or {}).items():
        server.post("registered-models/alias", {"name": name, "alias": alias, "version": str(number)})
    for number in deleted:
        server.call("DELETE", "model-versions/delete", {"name": name, "version": str(number)})


def of_model(model):
    return {"source": f"models:/{model['model_id']}", "model_id": model["model_id"], "run_id": model["run_id"]}


def make_registry(server, models, run):
    server.put(run["root"], "old style/MLmodel", b"flavors: {}\n")
    server.put(run["root"], "old style/model.pkl", b"not a pickle")
    of_run = {"source": f"{run['root']}/old style", "run_id": run["run_id"]}
    at = [of_model(model) for model in models]
    register(server, "churn", at[0:3] + [of_run] + at[0:2], "The churn model", deleted=[2, 3], aliases={"champion": 5, "challenger": 6}, stages={1: "Archived", 5: "Production", 6: "Staging"})
    register(server, "first deleted", at[1:3], deleted=[1], aliases={"only": 2})
    register(server, "last deleted", [of_run] * 3, deleted=[3])
    register(server, "all deleted", [of_run] * 2, deleted=[1, 2])
    register(server, "no versions", [])
    register(server, "copied", [{"source": "models:/churn/1"}, {"source": "models:/churn/4"}])
    for number in range(6):
        register(server, f"ranking {number}", [at[(number + extra) % len(at)] for extra in range(1 + number % 3)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--runs", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    server = Server(given.url)

    names = {"churn": 5, "demand forecast": 3, "Ünïcode – experiment / with: signs": 1, "to be deleted": 1}
    experiments = [server.post("experiments/create", {"name": name, "tags": tags({"mlflow.note.content": f"About {name}", "größe": "ü"})})["experiment_id"] for name in names]
    server.post("experiments/create", {"name": "empty one"})
    weighted = [experiment for experiment, weight in zip(experiments, names.values()) for _ in range(weight)] + ["0"]

    def family(first):
        """Five runs; in every fourth family the others are children of the first, and one a grandchild."""
        made = []
        for number in range(first, min(first + 5, given.runs)):
            nested = first % 20 == 0 and made
            experiment = made[0]["experiment_id"] if nested else weighted[number * 7 % len(weighted)]
            made.append(make_run(server, given.seed, number, experiment, (made[-1] if len(made) == 3 else made[0])["run_id"] if nested else None))
        return made

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = [run for made in pool.map(family, range(0, given.runs, 5)) for run in made]

    kept = [run for run in runs if run["experiment_id"] != experiments[-1]]
    models = [make_model(server, number, kept[number * 3 % len(kept)]) for number in range(12 if given.runs < 1000 else 40)]
    ready = [model for number, model in enumerate(models) if number % 5 < 3]
    server.post("runs/log-inputs", {"run_id": kept[-1]["run_id"], "models": [{"model_id": ready[0]["model_id"]}]})
    make_registry(server, ready, kept[0])

    used = {model["run_id"] for model in models} | {kept[0]["run_id"]}
    for run in runs[::33]:
        if run["run_id"] not in used:
            server.post("runs/delete", {"run_id": run["run_id"]})
    server.post("experiments/delete", {"experiment_id": experiments[-1]})
    print(f"{len(runs)} runs, {len(models)} logged models, {len(experiments) + 1} experiments", file=sys.stderr)


if __name__ == "__main__":
    main()
