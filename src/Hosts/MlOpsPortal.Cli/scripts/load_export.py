"""Loads a folder that `mlops export mlflow` wrote into a plain MLflow server, with nothing but MLflow's own client (3.0 or later).

    MLFLOW_TRACKING_TOKEN=... python load_export.py FOLDER http://127.0.0.1:5000

Run again, it adds nothing twice and continues where it was stopped: what it makes carries a tag from the moment it is made. Other settings of the
client (credentials, certificates, time-outs) are MLflow's own environment variables.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import sys
import tempfile
import threading
import urllib.parse
import warnings

os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
warnings.filterwarnings("ignore", message=".*transition_model_version_stage.*")

from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import (  # noqa: E402
    Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput, Metric, Param, RunTag, ViewType)
from mlflow.exceptions import MlflowException  # noqa: E402

ORIGIN = "mlopsportal.import_id"
STATE = "mlopsportal.import_state"
FILLER = "mlopsportal.import_filler"
FORMAT = ("mlopsportal-mlflow-export", 1)
OURS = "mlopsportal."
MADE_BY_SERVERS = {"mlflow.modelVersions"}
WITH_IDS = {"mlflow.parentRunId", "mlflow.rootRunId", "mlflow.log-model.history"}
BATCH = 800
THREADS = 4


class Fault(Exception):
    """A sentence for the person at the terminal."""


class Export:
    """The folder, read line by line. No path in it is followed out of it."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder).resolve()
        try:
            self.manifest = json.loads((self.root / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise Fault(f"{self.root} is no export: it has no manifest.json that can be read ({problem}).") from problem
        if (self.manifest.get("format"), self.manifest.get("version")) != FORMAT:
            raise Fault(f"{self.root} is an export of another kind: {self.manifest}.")
        if not self.manifest.get("complete"):
            raise Fault(f"{self.root} is not complete yet: run `mlops export mlflow` again, it continues.")

    def lines(self, name):
        path = self.root / name
        if not path.exists():
            return
        with open(path, encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def entries(self, name):
        """Of two lines with the same id the later counts; contents are read again when they are needed."""
        last = {line["id"]: number for number, line in enumerate(self.lines(name))}
        for number, line in enumerate(self.lines(name)):
            if last[line["id"]] == number:
                yield line

    def file(self, relative):
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root / "files"):
            raise Fault(f"{relative} leads out of the export.")
        return path

    def points(self, run_id):
        return self.lines(f"metrics/{run_id}.jsonl")


class Tally:
    def __init__(self):
        self.counts, self.notes, self.lock = {}, [], threading.Lock()

    def add(self, kind, outcome, amount=1):
        with self.lock:
            self.counts.setdefault(kind, {"written": 0, "there": 0, "skipped": 0})[outcome] += amount

    def skip(self, kind, what, reason):
        self.add(kind, "skipped")
        with self.lock:
            self.notes.append(f"{kind} {what}: {reason}")


def tags_of(things):
    return {tag["key"]: tag.get("value", "") for tag in things or []}


def pages(ask):
    token, found = None, []
    while True:
        page = ask(token)
        found += page
        token = page.token
        if not token:
            return found


class Loader:
    def __init__(self, export, client, rename):
        self.export, self.client, self.rename, self.tally = export, client, rename, Tally()
        self.experiments, self.runs, self.models = {}, {}, {}
        self.datasets = threading.Lock()
        self.to_delete = []

    def load(self):
        print("experiments", file=sys.stderr)
        self.place_experiments()
        print("creating runs", file=sys.stderr)
        self.each(self.place_run, self.of_placed("runs.jsonl"))
        print("logged models", file=sys.stderr)
        self.each(self.bring_model, self.of_placed("logged_models.jsonl"))
        print("runs", file=sys.stderr)
        self.each(self.bring_run, self.of_placed("runs.jsonl"))
        print("metrics of logged models", file=sys.stderr)
        self.each(self.measure_model, self.of_placed("logged_models.jsonl"))
        print("registered models", file=sys.stderr)
        self.bring_registry()
        self.delete()

    def each(self, work, entries):
        def guarded(entry):
            try:
                work(entry)
            except MlflowException as refusal:
                self.tally.skip("runs" if "info" in entry["content"] and "run_id" in entry["content"]["info"] else "logged models", entry["id"], str(refusal))

        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            waiting = set()
            for entry in entries:
                waiting.add(pool.submit(guarded, entry))
                if len(waiting) >= THREADS * 4:
                    done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    for each in done:
                        each.result()
            for each in waiting:
                each.result()

    def of_placed(self, name):
        return (entry for entry in self.export.entries(name) if entry["content"]["info"]["experiment_id"] in self.experiments)

    # Tags: ids in them are translated; those of imports, and what the server writes itself, are left out.
    def tags(self, things):
        return {key: self.translated(key, value) for key, value in tags_of(things).items() if not key.startswith(OURS) and key not in MADE_BY_SERVERS}

    def translated(self, key, value):
        if key not in WITH_IDS:
            return value
        if value in self.runs:
            return self.runs[value]["id"]
        if key == "mlflow.log-model.history":
            for known in (self.runs, self.models):
                for old, new in known.items():
                    if old in value:
                        value = value.replace(old, new["id"])
        return value

    def names(self, name):
        yield name
        if self.rename:
            yield f"{name} (imported)"
            yield from (f"{name} (imported {number})" for number in range(2, 100))

    def place_experiments(self):
        there = {}
        for experiment in pages(lambda token: self.client.search_experiments(view_type=ViewType.ALL, page_token=token)):
            if ORIGIN in experiment.tags:
                there[experiment.tags[ORIGIN]] = experiment
        for experiment in self.export.lines("experiments.jsonl"):
            origin = f"experiment/{experiment['experiment_id']}@{experiment.get('creation_time', 0)}"
            found = there.get(origin)
            if found is None:
                found = self.create_experiment(experiment, origin)
                if found is None:
                    continue
                self.tally.add("experiments", "written")
            else:
                self.tally.add("experiments", "there")
                if found.lifecycle_stage == "deleted":
                    self.client.restore_experiment(found.experiment_id)  # deleted again at the end
            deleted = experiment.get("lifecycle_stage") == "deleted"
            self.experiments[experiment["experiment_id"]] = {"id": found.experiment_id, "deleted": deleted, "there": self.runs_there(found.experiment_id)}

    def create_experiment(self, experiment, origin):
        name = experiment["name"]
        for wanted in self.names(f"{name} (imported)" if experiment["experiment_id"] == "0" else name):
            if self.client.get_experiment_by_name(wanted) is None:
                made = self.client.create_experiment(wanted, tags={**self.tags(experiment.get("tags")), ORIGIN: origin})
                return self.client.get_experiment(made)
        self.tally.skip("experiments", name, "the server has an experiment of this name already; --rename loads it under another name")
        return None

    def runs_there(self, experiment_id):
        runs = pages(lambda token: self.client.search_runs([experiment_id], run_view_type=ViewType.ALL, max_results=1000, page_token=token))
        return {run.data.tags[ORIGIN]: run for run in runs if ORIGIN in run.data.tags}

    def place_run(self, entry):
        info = entry["content"]["info"]
        experiment = self.experiments[info["experiment_id"]]
        found = experiment["there"].get(f"run/{entry['id']}")
        if found is None:
            found = self.client.create_run(
                experiment["id"], start_time=info.get("start_time"), run_name=info.get("run_name"), tags={ORIGIN: f"run/{entry['id']}", "mlflow.user": info.get("user_id", "")})
        self.runs[entry["id"]] = {
            "id": found.info.run_id, "root": found.info.artifact_uri, "state": found.data.tags.get(STATE), "deleted": found.info.lifecycle_stage == "deleted",
            "ended": (found.info.status, found.info.end_time)}

    def bring_run(self, entry):
        run, info = entry["content"], entry["content"]["info"]
        target = self.runs[entry["id"]]
        deleted = info.get("lifecycle_stage") == "deleted"
        if deleted and not self.experiments[info["experiment_id"]]["deleted"]:
            self.to_delete.append(target["id"])
        if target["state"] == entry["state"] and entry["state"] and target["ended"] == (info["status"], info.get("end_time")):
            self.tally.add("runs", "there")
            if target["deleted"]:
                self.to_delete = [other for other in self.to_delete if other != target["id"]]
            return
        if target["deleted"]:
            self.client.restore_run(target["id"])
        self.upload(entry["files"], lambda folder: self.client.list_artifacts(target["id"], folder), lambda file, folder: self.client.log_artifact(target["id"], file, folder))
        self.link(run, target["id"])
        data = run.get("data", {})
        self.log(target["id"], self.export.points(entry["id"]), tags_of(data.get("params")), {**self.tags(data.get("tags")), STATE: entry["state"]})
        if info["status"] in ("FINISHED", "FAILED", "KILLED"):
            self.client.set_terminated(target["id"], info["status"], info.get("end_time"))
        else:
            self.client.update_run(target["id"], status=info["status"])
        self.tally.add("runs", "written")

    def log(self, run_id, points, params, tags):
        batch = []
        for point in points:
            batch.append(Metric(point["key"], float(point["value"]), point["timestamp"], point.get("step", 0)))
            if len(batch) == BATCH:
                self.client.log_batch(run_id, metrics=batch)
                self.tally.add("metric points", "written", len(batch))
                batch = []
        params = [Param(key, value) for key, value in params.items()]
        while len(params) > 100:
            self.client.log_batch(run_id, params=params[:100])
            params = params[100:]
        tags = [RunTag(key, value) for key, value in tags.items()]
        while len(tags) > 100:
            self.client.log_batch(run_id, tags=tags[:100])
            tags = tags[100:]
        self.client.log_batch(run_id, metrics=batch, params=params, tags=tags)  # the mark of completeness is in the last
        self.tally.add("metric points", "written", len(batch))

    def link(self, run, run_id):
        there = self.client.get_run(run_id)
        known = {(each.dataset.name, each.dataset.digest) for each in there.inputs.dataset_inputs}
        read = {each.model_id for each in there.inputs.model_inputs or []}
        made = {(each.model_id, each.step) for each in there.outputs.model_outputs or []} if there.outputs else set()
        datasets = [
            DatasetInput(Dataset(**{field: each["dataset"].get(field) for field in ("name", "digest", "source_type", "source", "schema", "profile")}),
                         [InputTag(key, value) for key, value in tags_of(each.get("tags")).items()])
            for each in run.get("inputs", {}).get("dataset_inputs", []) if (each["dataset"]["name"], each["dataset"]["digest"]) not in known]
        inputs = [self.models[each["model_id"]]["id"] for each in run.get("inputs", {}).get("model_inputs", []) if each["model_id"] in self.models]
        outputs = [(self.models[each["model_id"]]["id"], each.get("step", 0)) for each in run.get("outputs", {}).get("model_outputs", []) if each["model_id"] in self.models]
        if datasets or set(inputs) - read:
            with self.datasets:  # MLflow fails when two runs bring the same dataset at once
                self.client.log_inputs(run_id, datasets=datasets, models=[LoggedModelInput(each) for each in inputs if each not in read])
        if set(outputs) - made:
            self.client.log_outputs(run_id, [LoggedModelOutput(*each) for each in outputs if each not in made])

    def upload(self, files, listed, send):
        if not files:
            return
        there = {}

        def look(folder):
            for entry in listed(folder):
                if entry.is_dir:
                    look(entry.path)
                else:
                    there[entry.path] = entry.file_size or 0

        look(None)
        with tempfile.TemporaryDirectory() as folder:
            for file in files:
                if there.get(file["path"]) == file["size"]:
                    self.tally.add("files", "there")
                    continue
                # The client takes the name from the local file, and sends it as it is: percent-encoded, a name like "50%?.txt" arrives whole.
                parts = [urllib.parse.quote(part, safe="") for part in file["path"].split("/")]
                if any(part in ("", ".", "..") for part in parts):
                    self.tally.skip("files", file["path"], "is no path that can be uploaded")
                    continue
                link = pathlib.Path(folder) / parts[-1]
                link.symlink_to(self.export.file(file["file"]))
                try:
                    send(str(link), "/".join(parts[:-1]) or None)
                    self.tally.add("files", "written")
                except MlflowException as refusal:
                    self.tally.skip("files", file["path"], str(refusal))
                finally:
                    link.unlink()

    def models_there(self, experiment_id):
        models = pages(lambda token: self.client.search_logged_models(experiment_ids=[experiment_id], page_token=token, max_results=100))
        return {model.tags[ORIGIN]: model for model in models if ORIGIN in model.tags}

    def bring_model(self, entry):
        info, data = entry["content"]["info"], entry["content"].get("data", {})
        experiment = self.experiments[info["experiment_id"]]
        with self.datasets:
            if "models" not in experiment:
                experiment["models"] = self.models_there(experiment["id"])
        found = experiment["models"].get(f"logged-model/{entry['id']}")
        params = tags_of(data.get("params"))
        tags = self.tags(info.get("tags"))
        if found is None:
            source = self.runs.get(info.get("source_run_id"))
            found = self.client.create_logged_model(
                experiment["id"], info["name"], source["id"] if source else None, {**tags, ORIGIN: f"logged-model/{entry['id']}"}, params, info.get("model_type") or None)
        self.models[entry["id"]] = {"id": found.model_id, "root": found.artifact_location}
        status = info["status"].removeprefix("LOGGED_MODEL_").replace("UPLOAD_", "")
        if found.tags.get(STATE) == entry["state"] and entry["state"]:
            self.tally.add("logged models", "there")
            return
        self.upload(entry["files"], lambda folder: self.client.list_logged_model_artifacts(found.model_id, folder), lambda file, folder: self.client.log_model_artifact(found.model_id, file, folder))
        if status in ("READY", "FAILED"):
            self.client.finalize_logged_model(found.model_id, status)
        self.client.set_logged_model_tags(found.model_id, {**tags, STATE: entry["state"]})
        self.tally.add("logged models", "written")

    def measure_model(self, entry):
        metrics, target = entry["content"].get("data", {}).get("metrics", []), self.models.get(entry["id"])
        if not metrics or target is None:
            return
        there = {(each.key, str(float(each.value)), each.timestamp, each.step) for each in self.client.get_logged_model(target["id"]).metrics or []}
        missing = {}
        for each in metrics:
            if (each["key"], str(float(each["value"])), each["timestamp"], each.get("step", 0)) not in there and each.get("run_id") in self.runs:
                missing.setdefault(self.runs[each["run_id"]]["id"], []).append(Metric(
                    each["key"], float(each["value"]), each["timestamp"], each.get("step", 0), model_id=target["id"], dataset_name=each.get("dataset_name"), dataset_digest=each.get("dataset_digest")))
        for run_id, points in missing.items():
            for at in range(0, len(points), BATCH):
                self.client.log_batch(run_id, metrics=points[at:at + BATCH])

    def source_of(self, version):
        """(source, run id, model id) at the server, or a sentence why there is none."""
        uri, run = version.get("source", "").rstrip("/"), self.runs.get(version.get("run_id"))
        known = next((self.models[part] for part in uri.split("/") if part in self.models), None)
        if known is not None:
            return f"models:/{known['id']}", run["id"] if run else None, known["id"]
        if uri.startswith("models:/"):
            return uri, None, None
        if run is None:
            return "its run is not in the export"
        for root in (f"/{version['run_id']}/artifacts", f"runs:/{version['run_id']}"):
            at = uri.find(root)
            if at >= 0 and uri[at + len(root):at + len(root) + 1] in ("", "/"):
                return run["root"] + uri[at + len(root):], run["id"], None
        return f"its files are at {uri[:200]}, outside its run"

    def bring_registry(self):
        versions = {}
        for version in self.export.lines("model_versions.jsonl"):
            versions.setdefault(version["name"], []).append(version)
        waiting, before = list(self.export.lines("registered_models.jsonl")), None
        placed = {}
        for model in waiting:
            name = self.place_registered(model)
            if name is not None:
                placed[model["name"]] = name
        waiting = [model for model in waiting if model["name"] in placed]
        done = {}
        while waiting and len(waiting) != before:  # a version may be a copy of another model's
            before = len(waiting)
            for model in list(waiting):
                copied = {version["source"].removeprefix("models:/").rpartition("/")[0] for version in versions.get(model["name"], []) if version.get("source", "").startswith("models:/")}
                if copied & {other["name"] for other in waiting if other is not model}:
                    continue
                waiting.remove(model)
                done[model["name"]] = self.bring_versions(placed[model["name"]], sorted(versions.get(model["name"], []), key=lambda version: int(version["version"])), placed)
        for model in waiting:
            self.tally.skip("registered models", model["name"], "its versions are copies of one another in a circle")
        for model in self.export.lines("registered_models.jsonl"):
            if model["name"] in done:
                self.point(model, placed[model["name"]], versions.get(model["name"], []), done[model["name"]])

    def place_registered(self, model):
        origin = f"registered-model/{model['name']}@{model.get('creation_timestamp', 0)}"
        if tags_of(model.get("tags")).get("mlflow.prompt.is_prompt") == "true":
            return None
        for name in self.names(model["name"]):
            try:
                self.client.create_registered_model(name, {**self.tags(model.get("tags")), ORIGIN: origin}, model.get("description"))
                self.tally.add("registered models", "written")
                return name
            except MlflowException as refusal:
                if refusal.error_code != "RESOURCE_ALREADY_EXISTS":
                    self.tally.skip("registered models", model["name"], str(refusal))
                    return None
                if self.client.get_registered_model(name).tags.get(ORIGIN) == origin:
                    self.tally.add("registered models", "there")
                    return name
        self.tally.skip("registered models", model["name"], "the server has a registered model of this name already; --rename loads it under another name")
        return None

    def bring_versions(self, name, versions, placed):
        """The same numbers: gaps are filled with versions that are deleted when all are there."""
        there = {int(version.version): version for version in pages(lambda token: self.client.search_model_versions(f"name = '{name}'", page_token=token))}
        fillers = [number for number, version in there.items() if FILLER in version.tags]
        last, done = max(there, default=0), set()
        for version in versions:
            number, place = int(version["version"]), self.source_of(version)
            if isinstance(place, str):
                self.tally.skip("model versions", f"{name} {number}", place)
                continue
            if place[0].startswith("models:/") and place[2] is None:
                other, _, copied = place[0].removeprefix("models:/").rpartition("/")
                place = (f"models:/{placed.get(other, other)}/{copied}", None, None)
            if number in there and there[number].tags.get(ORIGIN) == f"version/{number}":
                self.tally.add("model versions", "there")
                done.add(number)
                continue
            if number <= last:
                self.tally.skip("model versions", f"{name} {number}", "its number was given to another version, or deleted, and no number is given twice")
                continue
            for gap in range(last + 1, number):
                self.create_version(name, place, {FILLER: "true"}, gap, {})
                fillers.append(gap)
            if not self.create_version(name, place, {**self.tags(version.get("tags")), ORIGIN: f"version/{number}"}, number, version):
                break
            self.tally.add("model versions", "written")
            done.add(number)
            last = number
        for filler in fillers:
            self.client.delete_model_version(name, str(filler))
        return done

    def create_version(self, name, place, tags, number, version):
        source, run_id, model_id = place
        made = self.client.create_model_version(
            name, source, run_id, tags, version.get("run_link") or None, version.get("description") or None, await_creation_for=0, model_id=model_id)
        if int(made.version) == number:
            return True
        self.client.delete_model_version(name, made.version)
        self.tally.skip("model versions", f"{name} {number}", f"the server would number it {made.version}")
        return False

    def point(self, model, name, versions, done):
        stages = {int(version.version): version.current_stage for version in pages(lambda token: self.client.search_model_versions(f"name = '{name}'", page_token=token))}
        for version in versions:
            number, stage = int(version["version"]), version.get("current_stage", "None")
            if number in done and stage != "None" and stages.get(number) == "None":
                self.client.transition_model_version_stage(name, str(number), stage)
                self.tally.add("stages", "written")
        aliases = self.client.get_registered_model(name).aliases
        for alias in model.get("aliases", []):
            if int(alias["version"]) in done and alias["alias"] not in aliases:
                self.client.set_registered_model_alias(name, alias["alias"], str(alias["version"]))
                self.tally.add("aliases", "written")

    def delete(self):
        for run_id in set(self.to_delete):
            self.client.delete_run(run_id)
        for experiment in self.experiments.values():
            if experiment["deleted"]:
                self.client.delete_experiment(experiment["id"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("url", help="the MLflow server's address")
    parser.add_argument("--rename", action="store_true", help="load what has a name that is taken under another one")
    given = parser.parse_args()
    try:
        loader = Loader(Export(given.folder), MlflowClient(tracking_uri=given.url, registry_uri=given.url), given.rename)
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
