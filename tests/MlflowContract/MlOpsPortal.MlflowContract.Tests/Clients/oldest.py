"""The oldest client to support (2.20): runs, autolog with scikit-learn, a model, its version by alias, artifacts."""
import mlflow
import numpy
from mlflow.tracking import MlflowClient
from result import refusal, show
from sklearn.tree import DecisionTreeClassifier

client = MlflowClient()
mlflow.set_experiment("oldest")
generator = numpy.random.default_rng(3)
x = generator.normal(size=(100, 3))
y = (x[:, 0] > 0).astype(int)

mlflow.sklearn.autolog(log_input_examples=False)
with mlflow.start_run(run_name="autologged") as automatic:
    DecisionTreeClassifier(max_depth=2, random_state=1).fit(x, y)
mlflow.sklearn.autolog(disable=True)
auto = client.get_run(automatic.info.run_id)

estimator = DecisionTreeClassifier(max_depth=2, random_state=2).fit(x, y)
with mlflow.start_run(run_name="by hand") as run:
    mlflow.log_param("depth", 2)
    mlflow.log_metrics({"acc": 0.5}, step=1)
    mlflow.set_tag("kind", "old")
    mlflow.log_text("from an old client", "notes.txt")
    mlflow.sklearn.log_model(estimator, "model", registered_model_name="oldest")
client.set_registered_model_alias("oldest", "candidate", "1")
loaded = mlflow.pyfunc.load_model("models:/oldest@candidate")
by_run = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
read = client.get_run(run.info.run_id)
show(
    version=mlflow.__version__,
    auto_params=auto.data.params["max_depth"],
    auto_files=sorted(one.path for one in client.list_artifacts(automatic.info.run_id)),
    metrics=read.data.metrics,
    params=read.data.params,
    kind=read.data.tags["kind"],
    history=[(one.step, one.value) for one in client.get_metric_history(run.info.run_id, "acc")],
    text=mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes.txt"),
    same=bool(numpy.array_equal(loaded.predict(x), estimator.predict(x)) and numpy.array_equal(by_run.predict(x), estimator.predict(x))),
    found=[one.info.run_name for one in client.search_runs([read.info.experiment_id], "metrics.acc > 0.1 and tags.kind = 'old'")],
    latest=[int(one.version) for one in client.get_latest_versions("oldest")],
    files=sorted(one.path for one in client.list_artifacts(run.info.run_id, "model"))[:1],
    missing=refusal(lambda: client.get_run("0" * 32)),
)
