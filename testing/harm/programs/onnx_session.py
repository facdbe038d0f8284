"""ONNX Runtime: matrix products in the threads of a session."""

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper
from told import short, tell

if __name__ == "__main__":
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [600, 600]) for name in "xy")
    nodes = [helper.make_node("MatMul", ["x", "x"], ["z"]), helper.make_node("MatMul", ["z", "x"], ["y"])]
    graph = helper.make_graph(nodes, "products", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    matrix = np.random.default_rng(0).random((600, 600), dtype=np.float32)
    for _ in range(20):
        (found,) = session.run(None, {"x": matrix})
    tell(short(float(np.trace(found))))
