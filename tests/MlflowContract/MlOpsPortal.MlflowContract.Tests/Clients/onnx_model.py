"""mlflow.onnx: a small network by hand, logged, registered, loaded and asked."""
import mlflow
import mlflow.onnx
import numpy
import onnx
from mlflow.tracking import MlflowClient
from onnx import TensorProto, helper
from result import show

weights = numpy.array([[1.0], [2.0], [3.0]], dtype=numpy.float32)
graph = helper.make_graph(
    [helper.make_node("MatMul", ["input", "weights"], ["output"])],
    "linear",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, [None, 3])],
    [helper.make_tensor_value_info("output", TensorProto.FLOAT, [None, 1])],
    [helper.make_tensor("weights", TensorProto.FLOAT, [3, 1], weights.flatten())],
)
network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
network.ir_version = 8
onnx.checker.check_model(network)

mlflow.set_experiment("onnx")
rows = numpy.array([[1, 1, 1], [0, 1, 2]], dtype=numpy.float32)
with mlflow.start_run():
    logged = mlflow.onnx.log_model(network, name="linear", input_example=rows, registered_model_name="linear")
client = MlflowClient()
client.set_registered_model_alias("linear", "candidate", 1)
loaded = mlflow.pyfunc.load_model("models:/linear@candidate")
answer = loaded.predict(rows)
version = client.get_model_version("linear", 1)
show(answer=numpy.asarray(list(answer.values())[0] if isinstance(answer, dict) else answer).flatten().tolist(), flavours=sorted(loaded.metadata.flavors), version=int(version.version), status=version.status)
