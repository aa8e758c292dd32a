"""Experiments, runs, metrics, params, tags, nested runs, datasets, search with pages, delete and restore."""
import time

import mlflow
import numpy
import pandas
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.tracking import MlflowClient
from result import refusal, show

client = MlflowClient()

# An experiment by the fluent interface: made at the first call, found at the second.
first = mlflow.set_experiment("tracking")
again = mlflow.set_experiment("tracking")
mlflow.set_experiment_tags({"team": "blue", "size": "5"})

with mlflow.start_run(run_name="outer", tags={"kind": "parent"}, description="Says what it is for") as outer:
    mlflow.log_param("depth", 3)
    mlflow.log_params({"rate": 0.1, "long": "x" * 6000})
    mlflow.log_param("depth", 3)
    mlflow.set_tags({"colour": "green", "language": "日本語 ✓"})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.75, "nan": float("nan"), "inf": float("inf"), "minus": float("-inf")}, step=0)
    with mlflow.start_run(run_name="inner", nested=True) as inner:
        mlflow.log_metric("loss", 0.01)
    data = mlflow.data.from_pandas(pandas.DataFrame({"x": [1, 2, 3], "y": [0.5, 0.25, 1]}), source="weeks.csv", name="weeks", targets="y")
    mlflow.log_input(data, context="training", tags={"split": "80/20"})
    changed = refusal(lambda: client.log_param(outer.info.run_id, "depth", 4))

# More than one request takes: the client splits it.
with mlflow.start_run(run_name="large") as large:
    client.log_batch(
        large.info.run_id,
        metrics=[Metric("curve", i / 10, 1_700_000_000_000 + i, i) for i in range(1000)],
    )
    mlflow.log_metrics({f"m{i:04}": i for i in range(900)})
    mlflow.log_params({f"p{i:03}": i for i in range(250)})
    mlflow.set_tags({f"t{i:03}": i for i in range(150)})

with mlflow.start_run(run_name="failed") as failed:
    pass
client.set_terminated(failed.info.run_id, "FAILED")
try:
    with mlflow.start_run(run_name="raises") as raises:
        raise ValueError("as planned")
except ValueError:
    pass

read = client.get_run(outer.info.run_id)
history = client.get_metric_history(outer.info.run_id, "loss")
curve = client.get_metric_history(large.info.run_id, "curve")
big = client.get_run(large.info.run_id)
child = client.get_run(inner.info.run_id)
dataset = read.inputs.dataset_inputs[0]

# Search, with a small page.
ids, token, pages = [], None, 0
while True:
    page = client.search_runs([first.experiment_id], max_results=2, order_by=["attributes.start_time ASC"], page_token=token)
    ids += [run.info.run_id for run in page]
    pages += 1
    token = page.token
    if not token:
        break


def names(query, order=None):
    return [run.info.run_name for run in client.search_runs([first.experiment_id], query, order_by=order or ["attributes.run_name ASC"])]


frame = mlflow.search_runs(experiment_names=["tracking"], filter_string="metrics.loss < 0.5")
searches = {
    "by metric": names("metrics.loss < 0.5"),
    "by param": names("params.depth = '3' and params.rate LIKE '0.%'"),
    "by tag": names("tags.kind = 'parent'"),
    "by status": names("attributes.status = 'FAILED'"),
    "by name": names("run_name ILIKE 'L%'"),
    "by parent": names(f"tags.mlflow.parentRunId = '{outer.info.run_id}'"),
    "by missing tag": names("tags.kind IS NULL AND attributes.status = 'FINISHED'"),
    "by dataset": names("dataset.name = 'weeks' AND dataset.context = 'training'"),
    "by metric, descending": names("metrics.loss > 0", ["metrics.loss DESC"]),
}

# Runs go and come back; an experiment takes its runs with it.
client.delete_run(failed.info.run_id)
after_delete = names("")
deleted = [run.info.run_name for run in client.search_runs([first.experiment_id], run_view_type=ViewType.DELETED_ONLY)]
write_to_deleted = refusal(lambda: client.log_metric(failed.info.run_id, "late", 1))
client.restore_run(failed.info.run_id)
other = client.create_experiment("tracking, to be deleted", tags={"kind": "short"})
orphan = client.create_run(other, run_name="orphan")
client.delete_experiment(other)
gone = client.get_run(orphan.info.run_id).info.lifecycle_stage
client.restore_experiment(other)
back = client.get_run(orphan.info.run_id).info.lifecycle_stage
client.rename_experiment(other, "tracking, renamed")
found = client.search_experiments(filter_string="name LIKE 'tracking%'", order_by=["name ASC"])
client.delete_tag(outer.info.run_id, "colour")
client.update_run(outer.info.run_id, name="outer, renamed")

asked = time.monotonic()
missing = refusal(lambda: client.get_run("0" * 32))
waited = time.monotonic() - asked

show(
    same_experiment=first.experiment_id == again.experiment_id,
    experiment_tags=client.get_experiment(first.experiment_id).tags,
    default=client.get_experiment("0").name,
    status=read.info.status,
    params={key: value for key, value in read.data.params.items() if key != "long"},
    long=len(read.data.params["long"]),
    metrics=read.data.metrics,
    tags={key: value for key, value in read.data.tags.items() if not key.startswith("mlflow.")},
    note=read.data.tags["mlflow.note.content"],
    history=[(one.step, one.value) for one in history],
    curve=len(curve),
    curve_last=(curve[-1].step, curve[-1].value, curve[-1].timestamp),
    big=(len(big.data.metrics), len(big.data.params), len([key for key in big.data.tags if key.startswith("t")])),
    parent_of_inner=child.data.tags["mlflow.parentRunId"] == outer.info.run_id,
    dataset=(dataset.dataset.name, dataset.dataset.source_type, {tag.key: tag.value for tag in dataset.tags}),
    raises=client.get_run(raises.info.run_id).info.status,
    changed=changed,
    paged=(len(ids), len(set(ids)), pages),
    frame=len(frame),
    searches=searches,
    after_delete=after_delete,
    deleted=deleted,
    write_to_deleted=write_to_deleted,
    life_cycle=(gone, back),
    found=[one.name for one in found],
    renamed=client.get_run(outer.info.run_id).info.run_name,
    colour_is_gone="colour" not in client.get_run(outer.info.run_id).data.tags,
    missing=missing,
    quick=waited < 5,
)
