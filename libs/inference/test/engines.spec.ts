import { loadEngine } from '../src/engines/load-engine.js';
import { describeEngine, type OpenSession } from './engine-conformance.js';
import { tinyOnnx, tinyTfjsGraph, tinyTfjsLayers } from './tiny-models.js';

const inline: OpenSession = async (model, settings) => (await loadEngine(model.engine)).load(model, settings);

describeEngine('onnx', inline, tinyOnnx);
describeEngine('tfjs with a graph model', inline, tinyTfjsGraph);
describeEngine('tfjs with a layers model', inline, tinyTfjsLayers);
