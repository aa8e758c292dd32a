"""Experiments, runs and logged models."""

import concurrent.futures
import itertools
import pathlib
import re
import sys
import tempfile
import threading
import urllib.parse

from mlflow.exceptions import MlflowException
from registry import Registry
from server import ORIGIN, OURS, STATE, Tally, exactly, pairs, tag

MADE_BY_SERVERS = {"mlflow.modelVersions"}
WITH_IDS = {"mlflow.parentRunId", "mlflow.rootRunId", "mlflow.log-model.history", "mlflow.latest_checkpoint_artifact"}
ID = re.compile(r"\b(?:m-)?[0-9a-f]{32}\b")
POINTS, PAIRS = 800, 100  # of one batch
THREADS = 4


class Loader:
    def __init__(self, export, server, rename):
        self.export, self.server, self.rename, self.tally = export, server, rename, Tally()
        self.experiments, self.runs, self.models, self.ids = {}, {}, {}, {}  # by their ids in the export
        self.datasets, self.to_delete = threading.Lock(), set()

    def load(self):
        self.place_experiments()
        for step, work, file in [
                ("creating runs", self.place_run, "runs"), ("logged models", self.bring_model, "logged_models"), ("runs", self.bring_run, "runs"),
                ("metrics of logged models", self.measure_model, "logged_models")]:
            print(step, file=sys.stderr)
            self.each(work, file)
        print("registered models", file=sys.stderr)
        Registry(self).bring()
        for run_id in self.to_delete:
            self.server.post("runs/delete", run_id=run_id)
        for experiment in self.experiments.values():
            if experiment["deleted"]:
                self.server.post("experiments/delete", experiment_id=experiment["id"])

    def each(self, work, file):
        def guarded(entry):
            try:
                work(entry)
            except MlflowException as refusal:
                self.tally.skip(file.replace("_", " "), entry["id"], str(refusal))

        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            waiting = set()
            for entry in self.export.entries(f"{file}.jsonl"):
                if entry["content"]["info"]["experiment_id"] in self.experiments:
                    waiting.add(pool.submit(guarded, entry))
                if len(waiting) >= THREADS * 4:
                    done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    for each in done:
                        each.result()
            for each in waiting:
                each.result()

    def tags(self, thing, **marks):
        """Ids in them are translated; those of imports, and what the server writes itself, are left out."""
        kept = {each["key"]: each.get("value", "") for each in thing.get("tags", []) if not each["key"].startswith(OURS) and each["key"] not in MADE_BY_SERVERS}
        return pairs({key: ID.sub(lambda id: self.ids.get(id[0], id[0]), value) if key in WITH_IDS else value for key, value in kept.items()} | marks)

    def named(self, kind, name, origin, create, look):
        """Made under the first name that is free, or that an earlier request took for it."""
        others = [f"{name} (imported)"] + [f"{name} (imported {number})" for number in range(2, 100)] if self.rename else []
        for wanted in [name] + others:
            try:
                create(wanted)
                self.tally.add(kind, "written")
                return look(wanted)
            except MlflowException as refusal:
                if refusal.error_code != "RESOURCE_ALREADY_EXISTS":
                    return self.tally.skip(kind, name, str(refusal))
                there = look(wanted)
                if tag(there, ORIGIN) == origin:
                    self.tally.add(kind, "there")
                    return there
        return self.tally.skip(kind, name, "the server has one of this name already; --rename loads it under another name")

    def place_experiments(self):
        there = {tag(each, ORIGIN): each for each in self.server.all("POST", "experiments/search", "experiments", view_type="ALL", max_results=1000)}
        for experiment in self.export.lines("experiments.jsonl"):
            origin = f"experiment/{experiment['experiment_id']}@{experiment.get('creation_time', 0)}"
            found = there.get(origin)
            if found is not None:
                self.tally.add("experiments", "there")
                if found["lifecycle_stage"] == "deleted":
                    self.server.post("experiments/restore", experiment_id=found["experiment_id"])  # deleted again at the end
            else:
                found = self.named(
                    "experiments", experiment["name"] + (" (imported)" if experiment["experiment_id"] == "0" else ""), origin,
                    lambda name: self.server.post("experiments/create", name=name, tags=self.tags(experiment, **{ORIGIN: origin})),
                    lambda name: self.server.call("GET", "experiments/get-by-name", experiment_name=name)["experiment"])
            if found is not None:
                at, deleted = found["experiment_id"], experiment.get("lifecycle_stage") == "deleted"
                runs = self.server.all("POST", "runs/search", "runs", experiment_ids=[at], run_view_type="ALL", max_results=1000)
                models = self.server.all("POST", "logged-models/search", "models", experiment_ids=[at], max_results=100)
                self.experiments[experiment["experiment_id"]] = {
                    "id": at, "deleted": deleted, "runs": {tag(run["data"], ORIGIN): run for run in runs}, "models": {tag(model["info"], ORIGIN): model for model in models}}

    def place_run(self, entry):
        info, origin = entry["content"]["info"], f"run/{entry['id']}"
        experiment = self.experiments[info["experiment_id"]]
        found = experiment["runs"].get(origin) or self.server.post(
            "runs/create", experiment_id=experiment["id"], start_time=info.get("start_time"), run_name=info.get("run_name"), user_id=info.get("user_id"),
            tags=pairs({ORIGIN: origin}))["run"]
        self.runs[entry["id"]], self.ids[entry["id"]] = found, found["info"]["run_id"]

    def bring_run(self, entry):
        run, info, there = entry["content"], entry["content"]["info"], self.runs.get(entry["id"])
        if there is None:
            return
        run_id, data, deleted = there["info"]["run_id"], run.get("data", {}), there["info"]["lifecycle_stage"] == "deleted"
        delete = info.get("lifecycle_stage") == "deleted" and not self.experiments[info["experiment_id"]]["deleted"]
        ended = all(there["info"].get(field) == info.get(field) for field in ("status", "end_time"))
        if ended and entry["state"] and tag(there["data"], STATE) == entry["state"]:
            if delete and not deleted:
                self.to_delete.add(run_id)
            return self.tally.add("runs", "there")
        if deleted:
            self.server.post("runs/restore", run_id=run_id)
        if delete:
            self.to_delete.add(run_id)
        client = self.server.client
        complete = self.upload(entry["files"], lambda folder: client.list_artifacts(run_id, folder), lambda file, folder: client.log_artifact(run_id, file, folder))
        self.link(run, run_id)
        self.log(run_id, self.export.lines(f"metrics/{entry['id']}.jsonl"), data.get("params", []), self.tags(data, **{STATE: entry["state"] if complete else ""}))
        self.server.post("runs/update", run_id=run_id, status=info["status"], end_time=info.get("end_time"))
        self.tally.add("runs", "written")

    def log(self, run_id, points, params, tags):
        """The mark of completeness, last of the tags, comes with or after all the rest."""
        points, params, tags = iter(points), iter(params), iter(tags)
        while True:
            metrics, some = list(itertools.islice(points, POINTS)), list(itertools.islice(params, PAIRS))
            few = list(itertools.islice(tags, PAIRS)) if len(metrics) < POINTS and len(some) < PAIRS else []
            if not (few or metrics or some):
                return
            self.server.post("runs/log-batch", run_id=run_id, metrics=metrics, params=some, tags=few)
            self.tally.add("metric points", "written", len(metrics))

    def link(self, run, run_id):
        inputs, outputs = run.get("inputs", {}), run.get("outputs", {}).get("model_outputs", [])
        if not inputs.get("dataset_inputs") and not inputs.get("model_inputs") and not outputs:
            return
        there = self.server.call("GET", "runs/get", run_id=run_id)["run"]
        known = {(each["dataset"]["name"], each["dataset"]["digest"]) for each in there.get("inputs", {}).get("dataset_inputs", [])}
        read = {each["model_id"] for each in there.get("inputs", {}).get("model_inputs", [])}
        made = {(each["model_id"], int(each.get("step", 0))) for each in there.get("outputs", {}).get("model_outputs", [])}
        datasets = [each for each in inputs.get("dataset_inputs", []) if (each["dataset"]["name"], each["dataset"]["digest"]) not in known]
        models = {self.ids.get(each["model_id"]) for each in inputs.get("model_inputs", [])} - read - {None}
        outputs = {(self.ids.get(each["model_id"]), each.get("step", 0)) for each in outputs} - made
        outputs = [{"model_id": model, "step": step} for model, step in outputs if model is not None]
        if datasets or models:
            with self.datasets:  # MLflow fails when two runs bring the same dataset at once
                self.server.post("runs/log-inputs", run_id=run_id, datasets=datasets, models=[{"model_id": model} for model in models])
        if outputs:
            self.server.post("runs/outputs", run_id=run_id, models=outputs)

    def upload(self, files, listed, send):
        """Whether the next time there is nothing left to try."""
        def sizes(folder=None):
            for entry in listed(folder):
                yield from sizes(entry.path) if entry.is_dir else [(entry.path, entry.file_size or 0)]

        there, complete = dict(sizes()) if files else {}, True
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
                    complete = False
                link.unlink()
        return complete

    def bring_model(self, entry):
        info, origin = entry["content"]["info"], f"logged-model/{entry['id']}"
        params, experiment, source = entry["content"].get("data", {}).get("params", []), self.experiments[info["experiment_id"]], self.ids.get(info.get("source_run_id"))
        found = experiment["models"].get(origin) or self.server.post(
            "logged-models", experiment_id=experiment["id"], name=info["name"], model_type=info.get("model_type"), source_run_id=source,
            params=params[:PAIRS], tags=pairs({ORIGIN: origin}))["model"]
        model_id = found["info"]["model_id"]
        self.models[entry["id"]], self.ids[entry["id"]] = found, model_id
        if entry["state"] and tag(found["info"], STATE) == entry["state"]:
            return self.tally.add("logged models", "there")
        there = {each["key"] for each in found.get("data", {}).get("params", [])}
        missing = [each for each in params if each["key"] not in there]
        for at in range(0, len(missing), PAIRS):
            self.server.post(f"logged-models/{model_id}/params", model_id=model_id, params=missing[at:at + PAIRS])
        client = self.server.client
        complete = self.upload(
            entry["files"], lambda folder: client.list_logged_model_artifacts(model_id, folder), lambda file, folder: client.log_model_artifact(model_id, file, folder))
        if info["status"] not in ("LOGGED_MODEL_PENDING", found["info"]["status"]):
            self.server.call("PATCH", f"logged-models/{model_id}", model_id=model_id, status=info["status"])
        self.server.call("PATCH", f"logged-models/{model_id}/tags", model_id=model_id, tags=self.tags(info, **{STATE: entry["state"] if complete else ""}))
        self.tally.add("logged models", "written")

    def measure_model(self, entry):
        metrics, target = entry["content"].get("data", {}).get("metrics", []), self.ids.get(entry["id"])
        if not metrics or target is None:
            return
        there = set(map(exactly, self.server.call("GET", f"logged-models/{target}")["model"].get("data", {}).get("metrics", [])))
        missing = [each for each in metrics if exactly(each) not in there and each.get("run_id") in self.ids]
        for run_id in {each["run_id"] for each in missing}:
            points = [{**each, "run_id": None, "model_id": target} for each in missing if each["run_id"] == run_id]
            self.log(self.ids[run_id], points, [], [])
