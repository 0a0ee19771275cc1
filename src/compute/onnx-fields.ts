/** Numbers of the fields of ONNX's messages: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const MODEL = { graph: 7, opset: 8 } as const;
export const OPSET_IMPORT = { domain: 1, version: 2 } as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, name: 3, type: 4, attribute: 5, domain: 7 } as const;
export const TENSOR = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, external: 13 } as const;
export const VALUE = { name: 1, type: 2 } as const;
/** TypeProto and what it holds of a tensor. */
export const TYPE = { tensor: 1, element: 1, shape: 2, dim: 1, size: 1, parameter: 2 } as const;
