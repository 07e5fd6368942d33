"""Running a neural network from ONNX bytes on one thread, on the runtime that is fastest on this processor.

OpenVINO computes in bfloat16 where the processor can (AVX512_BF16, AMX) and is then three times as fast as ONNX
Runtime; on any other processor the two are equal, and ONNX Runtime runs on more of them.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
Network = Callable[[Tensor], Tensor]

# Kernels compiled for shapes of input seen before. Its default, 5000, is memory that only ever grows.
_KEPT_SHAPES = 64


@cache
def computes_in_bfloat16() -> bool:
    """True when OpenVINO is installed and says that it uses this processor's bfloat16."""
    try:
        from openvino import Core

        capabilities: Any = Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):  # not installed, or built for other processors than this one
        return False
    return "BF16" in capabilities


def fastest_runtime() -> str:
    """`openvino` where the processor computes in bfloat16 and the package is installed, else `onnxruntime`."""
    return "openvino" if computes_in_bfloat16() else "onnxruntime"


def runtime_version(runtime: str) -> str:
    """Name, version and what the networks compute in, for the version of the engine."""
    precision = ", bfloat16" if runtime == "openvino" and computes_in_bfloat16() else ""
    return f"{runtime} {version(runtime)}{precision}"


def open_network(*, model: bytes, runtime: str) -> Network:
    """The network with one input and one output, as a function of arrays; what it returned holds until the next call.

    `runtime` is `openvino` or `onnxruntime`; raises ImportError when it is not installed.
    """
    return _on_openvino(model) if runtime == "openvino" else _on_onnxruntime(model)


def _on_openvino(model: bytes) -> Network:
    import openvino

    core: Any = openvino.Core()
    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        # Pinned, the one thread of every worker of a machine lands on the same core.
        "ENABLE_CPU_PINNING": False,
        "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_SHAPES,
    }
    request = core.compile_model(core.read_model(model), "CPU", settings).create_infer_request()

    def run(values: Tensor) -> Tensor:
        request.infer([values], share_inputs=True)
        output: Tensor = request.get_output_tensor().data
        return output

    return run


def _on_onnxruntime(model: bytes) -> Network:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True
    # Without a memory pattern for every shape of input the process takes a third less, in the same time.
    options.enable_mem_pattern = False
    provider = ("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})
    session: Any = onnxruntime.InferenceSession(model, options, providers=[provider])
    name = session.get_inputs()[0].name

    def run(values: Tensor) -> Tensor:
        output: Tensor = session.run(None, {name: values})[0]
        return output

    return run
