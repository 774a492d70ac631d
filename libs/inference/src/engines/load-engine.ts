import type { Engine, EngineModel } from '../engine.js';

/** The adapter of a runtime; its libraries are loaded now, and only those. */
export async function loadEngine(name: EngineModel['engine']): Promise<Engine> {
  switch (name) {
    case 'onnx':
      return (await import('./onnx/onnx.engine.js')).onnxEngine;
    case 'tfjs':
      return (await import('./tfjs/tfjs.engine.js')).tfjsEngine;
  }
}
