export { float, floats, type Attribute } from './attribute.js';
export { GraphBuilder, type GraphOptions, type NodeOptions, type SymbolicShape } from './graph-builder.js';
export { readSafetensorsIndex } from './safetensors.js';
export type { ExternalTensor, StoredTensor } from './tensor-proto.js';
export { readTorchIndex, type TorchTensor } from './torch-file.js';
