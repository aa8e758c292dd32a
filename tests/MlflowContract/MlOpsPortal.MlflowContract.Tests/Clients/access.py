"""The same call with each way to say who asks. The token is in the environment, as PORTAL_TOKEN; without one nobody asks for it."""
import os

import mlflow
from mlflow.tracking import MlflowClient
from result import refusal, show

base = os.environ["MLFLOW_TRACKING_URI"]
token = os.environ["PORTAL_TOKEN"]
slug = os.environ["PORTAL_TENANT"]
foreign = os.environ["PORTAL_FOREIGN_RUN"]
NAMES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")


def with_access(uri, **credentials):
    for name in NAMES:
        os.environ.pop(name, None)
    os.environ.update(credentials)
    mlflow.set_tracking_uri(uri)
    return MlflowClient(uri)


def use(name, uri, **credentials):
    """An experiment, a run with a file, and the file again."""
    with_access(uri, **credentials)
    mlflow.set_experiment("access")
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_metric("m", 1)
        mlflow.log_text(name, "who.txt")
    return mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/who.txt")


bearer = use("bearer", base, MLFLOW_TRACKING_TOKEN=token)
basic = use("basic", base, MLFLOW_TRACKING_USERNAME=slug, MLFLOW_TRACKING_PASSWORD=token)
any_user = use("any user", base, MLFLOW_TRACKING_USERNAME="token", MLFLOW_TRACKING_PASSWORD=token)
both = use("both", base, MLFLOW_TRACKING_TOKEN="not this one", MLFLOW_TRACKING_USERNAME=slug, MLFLOW_TRACKING_PASSWORD=token)
prefix = use("prefix", f"{base}/t/{slug}", MLFLOW_TRACKING_TOKEN=token)
slash = use("slash", f"{base}/t/{slug}/", MLFLOW_TRACKING_TOKEN=token)
nobody = refusal(lambda: with_access(base).search_experiments())
wrong = refusal(lambda: with_access(base, MLFLOW_TRACKING_TOKEN="wrong").search_experiments())
wrong_basic = refusal(lambda: with_access(base, MLFLOW_TRACKING_USERNAME=slug, MLFLOW_TRACKING_PASSWORD="wrong").search_experiments())
other_tenant = refusal(lambda: with_access(f"{base}/t/nobody-has-this", MLFLOW_TRACKING_TOKEN=token).search_experiments())
own = with_access(base, MLFLOW_TRACKING_TOKEN=token)
foreign_run = refusal(lambda: own.get_run(foreign))
foreign_write = refusal(lambda: own.log_metric(foreign, "m", 1))
runs = sorted(run.info.run_name for run in own.search_runs([own.get_experiment_by_name("access").experiment_id]))
show(
    answers=[bearer, basic, any_user, both, prefix, slash],
    nobody=nobody,
    wrong=wrong,
    wrong_basic=wrong_basic,
    other_tenant=other_tenant,
    foreign_run=foreign_run,
    foreign_write=foreign_write,
    runs=runs,
)
