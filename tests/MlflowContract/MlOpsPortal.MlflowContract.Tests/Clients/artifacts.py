"""Files, texts, tables, images and figures; odd names; what is missing; a file in parts if the environment asks for it."""
import hashlib
import os
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import mlflow
import numpy
import pandas
from matplotlib import pyplot
from mlflow.tracking import MlflowClient
from result import refusal, show

ODD = ["plain.txt", "with space.txt", "plus+plus.txt", "100% sure.txt", "ümlaut ✓ 日本.txt", "brackets[1](2).txt", "and&equals=.txt", "semi;colon,comma.txt"]

client = MlflowClient()
mlflow.set_experiment("artifacts")
folder = Path(tempfile.mkdtemp())
(folder / "deep" / "er").mkdir(parents=True)
(folder / "deep" / "er" / "leaf.bin").write_bytes(bytes(range(256)) * 4)
(folder / "empty").write_bytes(b"")
for name in ODD:
    (folder / name).write_text(name, encoding="utf-8")

with mlflow.start_run() as run:
    id = run.info.run_id
    mlflow.log_text("hello ✓", "notes/hello.txt")
    mlflow.log_dict({"a": [1, 2, {"b": None}]}, "config.json")
    mlflow.log_dict({"a": 1}, "config.yaml")
    mlflow.log_artifacts(str(folder), "folder")
    mlflow.log_artifact(str(folder / "plain.txt"))
    mlflow.log_table({"question": ["a", "b"], "answer": ["x", "y"]}, "table.json")
    mlflow.log_table(pandas.DataFrame({"question": ["c"], "answer": ["z"]}), "table.json")
    pixels = numpy.zeros((8, 8, 3), dtype=numpy.uint8)
    mlflow.log_image(pixels, "picture.png")
    mlflow.log_image(pixels, key="stepped", step=3)
    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 3])
    mlflow.log_figure(figure, "figure.png")

listed = sorted((one.path, one.is_dir) for one in client.list_artifacts(id))
in_folder = sorted(one.path for one in client.list_artifacts(id, "folder"))
sizes = {one.path: one.file_size for one in client.list_artifacts(id, "folder/deep/er")}
of_a_file = client.list_artifacts(id, "config.json")
copy = Path(mlflow.artifacts.download_artifacts(run_id=id, artifact_path="folder", dst_path=tempfile.mkdtemp()))
same = {str(path.relative_to(folder)): (copy / path.relative_to(folder)).exists() and (copy / path.relative_to(folder)).read_bytes() == path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
table = mlflow.load_table("table.json", run_ids=[id])
stepped = [one.path for one in client.list_artifacts(id, "images")]

asked = time.monotonic()
missing = refusal(lambda: mlflow.artifacts.load_text(f"runs:/{id}/nothing.txt"))
waited = time.monotonic() - asked

large = {}
if os.environ.get("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"):
    big = folder / "big.bin"
    block = hashlib.sha512(b"seed").digest() * 16384  # 1 MiB
    big.write_bytes(b"".join(bytes([number]) + block[1:] for number in range(17)) + b"tail")
    with mlflow.start_run() as second:
        mlflow.log_artifact(str(big), "in parts")
    back = mlflow.artifacts.download_artifacts(run_id=second.info.run_id, artifact_path="in parts/big.bin", dst_path=tempfile.mkdtemp())
    large = {"bytes": os.path.getsize(back), "same": hashlib.sha256(Path(back).read_bytes()).digest() == hashlib.sha256(big.read_bytes()).digest()}

client.log_text(id, "again", "notes/hello.txt")
overwritten = mlflow.artifacts.load_text(f"runs:/{id}/notes/hello.txt")
show(
    listed=listed,
    in_folder=in_folder,
    sizes=sizes,
    of_a_file=len(of_a_file),
    same=same,
    table=table[["question", "answer"]].values.tolist(),
    stepped=len(stepped),
    stepped_has_odd_characters=all("%" in path or "+" in path for path in stepped),
    config=mlflow.artifacts.load_dict(f"runs:/{id}/config.json"),
    overwritten=overwritten,
    missing=missing,
    quick=waited < 5,
    large=large,
)
