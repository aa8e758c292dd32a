"""Prints what a script found, as one line of JSON that the test reads."""
import json
import math


def plain(value):
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def show(**found):
    print("RESULT " + json.dumps(plain(found)), flush=True)


def refusal(call):
    """The error code that a call is refused with, or None."""
    from mlflow.exceptions import MlflowException

    try:
        call()
    except MlflowException as refused:
        return refused.error_code
    return None
