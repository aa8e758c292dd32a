"""Registered models, their versions under the same numbers, aliases and stages."""

from server import FILLER, ORIGIN, pairs, tag


class Registry:
    def __init__(self, loader):
        self.loader, self.export, self.server, self.tally = loader, loader.export, loader.server, loader.tally

    def bring(self):
        models, versions, placed = list(self.export.lines("registered_models.jsonl")), {}, {}
        for version in sorted(self.export.lines("model_versions.jsonl"), key=lambda version: int(version["version"])):
            versions.setdefault(version["name"], []).append(version)
        for model in models:
            if tag(model, "mlflow.prompt.is_prompt") != "true" and (name := self.place(model)) is not None:
                placed[model["name"]] = name
        waiting = set(placed)
        while waiting:  # a version may be a copy of another model's
            ready = {name for name in waiting if not self.copied_from(versions.get(name, [])) & (waiting - {name})}
            if not ready:
                for name in waiting:
                    self.tally.skip("registered models", name, "its versions are copies of one another in a circle")
                return
            waiting -= ready
            for model in (model for model in models if model["name"] in ready):
                done = self.bring_versions(placed[model["name"]], versions.get(model["name"], []), placed)
                self.point(model, placed[model["name"]], [version for version in versions.get(model["name"], []) if int(version["version"]) in done])

    def place(self, model):
        origin = f"registered-model/{model['name']}@{model.get('creation_timestamp', 0)}"
        found = self.loader.named(
            "registered models", model["name"], origin,
            lambda name: self.server.post("registered-models/create", name=name, description=model.get("description"), tags=self.loader.tags(model, **{ORIGIN: origin})),
            lambda name: self.server.call("GET", "registered-models/get", name=name)["registered_model"])
        return found and found["name"]

    def bring_versions(self, name, versions, placed):
        """The same numbers: gaps are filled with versions that are deleted when all are there."""
        there = self.server.versions(name)
        fillers = [number for number, version in there.items() if tag(version, FILLER) is not None]
        last, done = max(there, default=0), set()
        for version in versions:
            number, place = int(version["version"]), self.source_of(version, placed)
            if isinstance(place, str):
                self.tally.skip("model versions", f"{name} {number}", place)
            elif tag(there.get(number, {}), ORIGIN) == f"version/{number}":
                self.tally.add("model versions", "there")
                done.add(number)
            elif number <= last:
                self.tally.skip("model versions", f"{name} {number}", "its number was given to another version, or deleted, and no number is given twice")
            else:
                for wanted in range(last + 1, number + 1):
                    tags = self.loader.tags(version, **{ORIGIN: f"version/{number}"}) if wanted == number else pairs({FILLER: "true"})
                    made = self.create(name, place, tags, version)
                    fillers += [made] if wanted < number else []
                if made != number:  # somebody else registers versions, or deleted the last ones
                    self.server.call("DELETE", "model-versions/delete", name=name, version=str(made))
                    self.tally.skip("model versions", f"{name} {number}", f"the server would number it {made}")
                    break
                self.tally.add("model versions", "written")
                done.add(number)
                last = number
        for filler in fillers:
            self.server.call("DELETE", "model-versions/delete", name=name, version=str(filler))
        return done

    def create(self, name, place, tags, version):
        made = self.server.post("model-versions/create", name=name, **place, tags=tags, description=version.get("description"), run_link=version.get("run_link"))
        return int(made["model_version"]["version"])

    def point(self, model, name, versions):
        there = self.server.versions(name)
        for version in versions:
            stage = version.get("current_stage", "None")
            if stage != "None" and there[int(version["version"])].get("current_stage", "None") == "None":
                self.server.post("model-versions/transition-stage", name=name, version=str(version["version"]), stage=stage, archive_existing_versions=False)
                self.tally.add("stages", "written")
        aliases = {each["alias"] for each in self.server.call("GET", "registered-models/get", name=name)["registered_model"].get("aliases", [])}
        numbers = {int(version["version"]) for version in versions}
        for alias in model.get("aliases", []):
            if int(alias["version"]) in numbers and alias["alias"] not in aliases:
                self.server.post("registered-models/alias", name=name, alias=alias["alias"], version=str(alias["version"]))
                self.tally.add("aliases", "written")

    def copied_from(self, versions):
        """Names of registered models; a logged model's id, which looks alike, is none."""
        sources = [version.get("source", "") for version in versions]
        return {source.removeprefix("models:/").rpartition("/")[0] for source in sources if source.startswith("models:/")}

    def source_of(self, version, placed):
        """What says where its files are at the server; or a sentence why nothing does."""
        uri, old_run = version.get("source", "").rstrip("/"), version.get("run_id")
        run_id = self.loader.ids.get(old_run)
        model_id = next((self.loader.ids[part] for part in uri.split("/") if part in self.loader.models and part in self.loader.ids), None)
        if model_id is not None:
            return {"source": f"models:/{model_id}", "run_id": run_id, "model_id": model_id}
        if uri.startswith("models:/"):
            name, _, number = uri.removeprefix("models:/").rpartition("/")
            return {"source": f"models:/{placed[name]}/{number}"} if name in placed else f"it is a copy of {uri}, which is not in the export"
        if run_id is None:
            return "its run is not in the export"
        for root in (f"/{old_run}/artifacts", f"runs:/{old_run}"):
            _, found, path = uri.partition(root)
            if found and path[:1] in ("", "/"):
                return {"source": self.loader.runs[old_run]["info"]["artifact_uri"] + path, "run_id": run_id}
        return f"its files are at {uri[:200]}, outside its run"
