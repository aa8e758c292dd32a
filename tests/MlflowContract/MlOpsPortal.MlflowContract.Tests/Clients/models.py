"""Autolog with scikit-learn, log_model beside a NaN metric, the registry, aliases, loading by alias, logged models."""
import os

import mlflow
import numpy
from mlflow.models import infer_signature
from mlflow.tracking import MlflowClient
from result import refusal, show
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

client = MlflowClient()
experiment = mlflow.set_experiment("models")
generator = numpy.random.default_rng(7)
x = generator.normal(size=(200, 4))
y = (x[:, 0] + x[:, 1] > 0).astype(int)

# Autolog: params, metrics, the model and its estimator come by themselves.
mlflow.sklearn.autolog()
with mlflow.start_run(run_name="autologged") as automatic:
    auto_model = DecisionTreeClassifier(max_depth=3, random_state=1).fit(x, y)
    auto_score = auto_model.score(x, y)
mlflow.sklearn.autolog(disable=True)
auto = client.get_run(automatic.info.run_id)

# A model beside a metric that is not a number.
estimator = LogisticRegression().fit(x, y)
with mlflow.start_run(run_name="by hand") as run:
    mlflow.log_metric("broken", float("nan"))
    mlflow.log_metric("fine", 0.5)
    logged = mlflow.sklearn.log_model(
        estimator, name="churn", signature=infer_signature(x, estimator.predict(x)), input_example=x[:2], registered_model_name="churn", params={"c": "1.0"}, tags={"team": "blue"}
    )

model = mlflow.get_logged_model(logged.model_id)
found = mlflow.search_logged_models(experiment_ids=[experiment.experiment_id], filter_string="name = 'churn'", output_format="list")
by_metric = mlflow.search_logged_models(experiment_ids=[experiment.experiment_id], filter_string="metrics.fine > 0.4", output_format="list")

# The registry.
second = mlflow.register_model(f"runs:/{run.info.run_id}/churn", "churn")
third = mlflow.register_model(logged.model_uri, "churn", tags={"from": "logged model"})
client.set_registered_model_alias("churn", "candidate", third.version)
by_alias = client.get_model_version_by_alias("churn", "candidate")
loaded = mlflow.pyfunc.load_model("models:/churn@candidate")
native = mlflow.sklearn.load_model(f"models:/churn/{second.version}")
latest = mlflow.pyfunc.load_model("models:/churn/latest")
by_id = mlflow.pyfunc.load_model(f"models:/{logged.model_id}")
same = all(
    numpy.array_equal(one.predict(x), estimator.predict(x))
    for one in (loaded, native, latest, by_id)
)
client.update_registered_model("churn", "Who leaves")
client.update_model_version("churn", third.version, "the third")
client.set_registered_model_tag("churn", "team", "blue")
client.set_model_version_tag("churn", third.version, "checked", "yes")
copy = client.copy_model_version(f"models:/churn/{third.version}", "churn copy")
copied = mlflow.pyfunc.load_model("models:/churn copy/1")
registered = client.get_registered_model("churn")
versions = client.search_model_versions("name = 'churn'", order_by=["version_number ASC"])
models = client.search_registered_models("name LIKE 'churn%'", order_by=["name ASC"])
client.delete_registered_model_alias("churn", "candidate")
alias_gone = refusal(lambda: client.get_model_version_by_alias("churn", "candidate"))
client.delete_model_version("churn", second.version)
version_gone = refusal(lambda: client.get_model_version("churn", second.version))
client.rename_registered_model("churn copy", "churn, renamed")
client.delete_registered_model("churn, renamed")
model_gone = refusal(lambda: client.get_registered_model("churn, renamed"))
files = sorted(os.path.basename(one.path) for one in mlflow.artifacts.list_artifacts(f"models:/{logged.model_id}"))

show(
    auto_params=auto.data.params["max_depth"],
    auto_metrics=sorted(auto.data.metrics),
    auto_score_logged=any(abs(value - auto_score) < 1e-9 for value in auto.data.metrics.values()),
    auto_models=len(auto.outputs.model_outputs),
    auto_files=sorted(one.path for one in client.list_artifacts(automatic.info.run_id)),
    nan=[metric.value for metric in model.metrics if metric.key == "broken"],
    status=str(model.status),
    params=model.params,
    team=model.tags["team"],
    model_metrics={metric.key: metric.value for metric in model.metrics if metric.key == "fine"},
    found=len(found),
    by_metric=len(by_metric),
    versions=[int(one.version) for one in versions],
    by_alias=int(by_alias.version) == int(third.version),
    same=same,
    copied=bool(numpy.array_equal(copied.predict(x), estimator.predict(x))),
    description=registered.description,
    registered_tags=registered.tags,
    models=[one.name for one in models],
    aliases={alias: int(version) for alias, version in registered.aliases.items()},
    alias_gone=alias_gone,
    version_gone=version_gone,
    model_gone=model_gone,
    files=[name for name in files if name in ("MLmodel", "input_example.json", "requirements.txt")],
    signature=loaded.metadata.signature is not None,
)
