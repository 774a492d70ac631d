export { float, floats, type Attribute } from './attribute.js';
export { GraphBuilder, type GraphOptions, type NodeOptions, type SymbolicShape } from './graph-builder.js';
export { readSafetensorsIndex, type SafetensorsEntry } from './safetensors.js';
export type { ExternalTensor } from './tensor-proto.js';
