"""Compares two MLflow servers through MLflow's own client: the second must hold what the first holds, each thing once.

    MLFLOW_TRACKING_TOKEN=... python compare.py http://127.0.0.1:5000 http://127.0.0.1:5080 --histories 300 --files 60

Prints one line per difference, then the figures as JSON; the exit code is 1 when there is a difference.
"""

import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import sys
import tempfile
import urllib.parse

import requests

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")

from mlflow import MlflowClient  # noqa: E402
from mlflow.artifacts import download_artifacts  # noqa: E402
from mlflow.entities import ViewType  # noqa: E402

ORIGIN = "mlopsportal.import_id"
OURS = "mlopsportal."
TRANSLATED = {"mlflow.parentRunId", "mlflow.rootRunId", "mlflow.log-model.history"}
MADE_BY_SERVERS = {"mlflow.modelVersions", "mlflow.user"}

differences = []
figures = {}


def count(what, amount=1):
    figures[what] = figures.get(what, 0) + amount


def same(what, left, right):
    if left != right:
        differences.append(f"{what}: {left!r} is {right!r}")


def pages(ask):
    token, found = None, []
    while True:
        page = ask(token)
        found += page
        token = page.token
        if not token:
            return found


def number(value):
    return "NaN" if math.isnan(value) else value


class Side:
    def __init__(self, uri):
        self.uri = uri.rstrip("/")
        self.client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        self.experiments = pages(lambda token: self.client.search_experiments(view_type=ViewType.ALL, page_token=token))
        ids = [experiment.experiment_id for experiment in self.experiments]
        self.runs = pages(lambda token: self.client.search_runs(ids, run_view_type=ViewType.ALL, max_results=1000, page_token=token))
        self.models = pages(lambda token: self.client.search_logged_models(experiment_ids=ids, page_token=token, max_results=100))
        self.registered = pages(lambda token: self.client.search_registered_models(max_results=100, page_token=token))

    def versions(self, name):
        return {int(version.version): version for version in pages(lambda token: self.client.search_model_versions(f"name = '{name}'", page_token=token))}

    def files(self, run_id, folder=None):
        found = {}
        for entry in self.client.list_artifacts(run_id, folder):
            found.update(self.files(run_id, entry.path) if entry.is_dir else {entry.path: entry.file_size or 0})
        return found


def contents(side, uri):
    with tempfile.TemporaryDirectory() as folder:
        got = pathlib.Path(download_artifacts(artifact_uri=uri, dst_path=folder, tracking_uri=side.uri))
        return {str(file.relative_to(got)): file.read_bytes() for file in sorted(got.rglob("*")) if file.is_file()}


def run_contents(side, run, files):
    """The client cannot download a name with a question mark: such a run's files are asked for as they should be."""
    if not any("?" in path for path in files):
        return contents(side, run.info.artifact_uri)
    root = run.info.artifact_uri[len("mlflow-artifacts:/"):].lstrip("/")
    headers = {"Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"} if "MLFLOW_TRACKING_TOKEN" in os.environ else {}

    def content(path):
        answer = requests.get(f"{side.uri}/api/2.0/mlflow-artifacts/artifacts/{urllib.parse.quote(f'{root}/{path}')}", headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.content

    return {path: content(path) for path in files}


def by_origin(kind, left, right, tags_of, id_of):
    """Pairs of things, by the tag that the import set; each exactly once."""
    there = {}
    for thing in right:
        origin = tags_of(thing).get(ORIGIN)
        if origin in there:
            differences.append(f"{kind} {origin} is there twice")
        if origin is not None:
            there[origin] = thing
    pairs = []
    for thing in left:
        found = there.pop(f"{kind}/{id_of(thing)}", None)
        if found is None:
            differences.append(f"{kind} {id_of(thing)} is missing")
        else:
            pairs.append((thing, found))
    for origin in there:
        differences.append(f"{kind} {origin} is at the target alone")
    return pairs


def own(tags, known=None):
    return {
        key: known(value) if known and key in TRANSLATED else value for key, value in tags.items()
        if not key.startswith(OURS) and key not in MADE_BY_SERVERS}


def compare_run(source, target, left, right, runs, models, options, at):
    name = f"run {left.info.run_name} {left.info.run_id}"
    for field in ["run_name", "status", "start_time", "end_time", "lifecycle_stage", "user_id"]:
        same(f"{name} {field}", getattr(left.info, field), getattr(right.info, field))
    same(f"{name} params", left.data.params, right.data.params)
    same(f"{name} tags", own(left.data.tags, lambda value: runs.get(value, value)), own(right.data.tags))
    same(f"{name} metrics", {key: number(value) for key, value in left.data.metrics.items()}, {key: number(value) for key, value in right.data.metrics.items()})

    def datasets(run):
        return sorted((entry.dataset.name, entry.dataset.digest, entry.dataset.source_type, entry.dataset.source, entry.dataset.schema, entry.dataset.profile,
                       sorted((tag.key, tag.value) for tag in entry.tags)) for entry in run.inputs.dataset_inputs)

    same(f"{name} datasets", datasets(left), datasets(right))
    same(f"{name} read models", sorted(models.get(model.model_id, "?") for model in left.inputs.model_inputs), sorted(model.model_id for model in right.inputs.model_inputs))
    same(f"{name} made models", sorted((models.get(model.model_id, "?"), model.step) for model in left.outputs.model_outputs),
         sorted((model.model_id, model.step) for model in right.outputs.model_outputs))

    if at % options.every_history == 0 or any(len(left.data.metrics) and key == "odd" for key in left.data.metrics):
        for key in left.data.metrics:
            histories = [sorted((point.timestamp, point.step, str(number(point.value))) for point in side.client.get_metric_history(run.info.run_id, key))
                         for side, run in [(source, left), (target, right)]]
            count("points compared", len(histories[0]))
            if histories[0] != histories[1]:
                differences.append(f"{name} history of {key}: {len(histories[0])} points against {len(histories[1])}, first differing {next(iter(set(histories[0]) ^ set(histories[1])), None)}")
    if at % options.every_files == 0:
        files = source.files(left.info.run_id), target.files(right.info.run_id)
        same(f"{name} files", *files)
        count("files compared", len(files[0]))
        if files[0] and sum(files[0].values()) < 50_000_000:
            for path in run_contents(source, left, files[0]).items() ^ run_contents(target, right, files[1]).items():
                differences.append(f"{name} content of {path[0]} differs")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--histories", type=int, default=10_000, help="runs whose whole histories are compared, about")
    parser.add_argument("--files", type=int, default=10_000, help="runs whose files are compared, about")
    parser.add_argument("--refused", nargs="*", default=[], help="aliases and stages that wait for an approval, such as churn@champion")
    options = parser.parse_args()
    source, target = Side(options.source), Side(options.target)
    options.every_history = len(source.runs) // options.histories | 1  # odd: what is in every eighth run comes up too
    options.every_files = len(source.runs) // options.files | 1

    there = {experiment.tags.get(ORIGIN): experiment for experiment in target.experiments if experiment.tags.get(ORIGIN)}
    experiments = {}
    for left in source.experiments:
        right = there.get(f"experiment/{left.experiment_id}@{left.creation_time}")
        if right is None:
            if left.experiment_id != "0" or any(run.info.experiment_id == "0" for run in source.runs):
                differences.append(f"experiment {left.name} is missing")
            continue
        experiments[left.experiment_id] = right.experiment_id
        count("experiments")
        same(f"name of {left.name}", left.name + (" (imported)" if left.experiment_id == "0" else ""), right.name)
        same(f"tags of {left.name}", own(left.tags), own(right.tags))
        same(f"stage of {left.name}", left.lifecycle_stage, right.lifecycle_stage)

    mine = set(experiments.values())
    pairs = by_origin("run", source.runs, [run for run in target.runs if run.info.experiment_id in mine], lambda run: run.data.tags, lambda run: run.info.run_id)
    runs = {left.info.run_id: right.info.run_id for left, right in pairs}
    model_pairs = by_origin("logged-model", source.models, target.models, lambda model: model.tags, lambda model: model.model_id)
    models = {left.model_id: right.model_id for left, right in model_pairs}
    count("runs", len(pairs))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: compare_run(source, target, *each[1], runs, models, options, each[0]), enumerate(pairs)))
    for left, right in pairs:
        same(f"experiment of run {left.info.run_id}", experiments.get(left.info.experiment_id), right.info.experiment_id)

    for left, right in model_pairs:
        count("logged models")
        name = f"logged model {left.name}"
        for field in ["name", "status", "model_type", "params"]:
            same(f"{name} {field}", getattr(left, field), getattr(right, field))
        same(f"{name} source run", runs.get(left.source_run_id), right.source_run_id)
        same(f"{name} tags", own(left.tags), own(right.tags))
        metrics = [sorted((metric.key, number(metric.value), metric.timestamp, metric.step, metric.dataset_name or "", metric.dataset_digest or "") for metric in model.metrics or [])
                   for model in (left, right)]
        same(f"{name} metrics", *metrics)
        if contents(source, left.artifact_location) != contents(target, right.artifact_location):
            differences.append(f"{name}: files differ")

    registered = {model.name: model for model in target.registered}
    for left in source.registered:
        right = registered.get(left.name)
        if right is None:
            differences.append(f"registered model {left.name} is missing")
            continue
        count("registered models")
        same(f"{left.name} description", left.description or "", right.description or "")
        same(f"{left.name} tags", own(left.tags), own(right.tags))
        aliases = {alias: int(version) for alias, version in left.aliases.items() if f"{left.name}@{alias}" not in options.refused}
        same(f"{left.name} aliases", aliases, {alias: int(version) for alias, version in right.aliases.items()})
        old, new = source.versions(left.name), target.versions(left.name)
        same(f"{left.name} versions", sorted(old), sorted(new))
        for number_ in sorted(set(old) & set(new)):
            count("model versions")
            name = f"{left.name} {number_}"
            same(f"{name} description", old[number_].description or "", new[number_].description or "")
            same(f"{name} tags", own(old[number_].tags), own(new[number_].tags))
            if name not in options.refused:
                same(f"{name} stage", old[number_].current_stage, new[number_].current_stage)
            same(f"{name} run", runs.get(old[number_].run_id), new[number_].run_id)
            same(f"{name} link", old[number_].run_link or "", new[number_].run_link or "")
            if len({str(contents(side, side.client.get_model_version_download_uri(left.name, number_))) for side in (source, target)}) != 1:
                differences.append(f"{name}: files differ")

    for line in differences[:60]:
        print(line[:600])
    figures["differences"] = len(differences)
    print(json.dumps(figures))
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
