"""The folder of an export, and the marks that an import leaves."""

import json
import pathlib

FORMAT = ("mlopsportal-mlflow-export", 1)


class Fault(Exception):
    """A sentence for the person at the terminal."""


class Export:
    """The folder, read line by line. No path in it is followed out of it."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder).resolve()
        try:
            manifest = json.loads((self.root / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise Fault(f"{self.root} is no export: it has no manifest.json that can be read ({problem}).") from problem
        if (manifest.get("format"), manifest.get("version")) != FORMAT:
            raise Fault(f"{self.root} is an export of another kind: {manifest}.")
        if not manifest.get("complete"):
            raise Fault(f"{self.root} is not complete yet: run `mlops export mlflow` again, it continues.")

    def lines(self, name):
        if (self.root / name).exists():
            with open(self.root / name, encoding="utf-8") as file:
                yield from map(json.loads, file)

    def entries(self, name):
        """Of two lines with the same id the later counts; contents are read again when they are needed."""
        last = {line["id"]: number for number, line in enumerate(self.lines(name))}
        return (line for number, line in enumerate(self.lines(name)) if last[line["id"]] == number)

    def file(self, relative):
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root / "files"):
            raise Fault(f"{relative} leads out of the export.")
        return path
