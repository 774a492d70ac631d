import { jest } from '@jest/globals';
import { openSession, type Placement } from '../src/sessions/open-session.js';
import { describeDtypes, describeTexts, EVERY_DTYPE } from './dtype-conformance.js';
import { describeEngine, type OpenSession } from './engine-conformance.js';
import { echoOnnx, echoTfjs, tinyOnnx, tinyOrt, tinyTfjsGraph, tinyTfjsLayers } from './tiny-models.js';

// A host that loads TensorFlow.js takes a second to start where others compute as well.
jest.setTimeout(60_000);

for (const placement of ['inline', 'thread', 'process'] satisfies Placement[]) {
  const open: OpenSession = (model, settings) => openSession(model, { placement, settings });
  describeEngine(`onnx, ${placement},`, open, { writeTiny: tinyOnnx });
  describeEngine(`onnx with an .ort file, ${placement},`, open, { writeTiny: tinyOrt, isOneFile: true });
  describeDtypes(`onnx, ${placement},`, open, { writeEcho: echoOnnx, taken: EVERY_DTYPE, refused: [] });
  describeTexts(`onnx, ${placement},`, open);
  describeEngine(`tfjs with a graph model, ${placement},`, open, { writeTiny: tinyTfjsGraph });
  describeEngine(`tfjs with a layers model, ${placement},`, open, { writeTiny: tinyTfjsLayers });
  describeDtypes(`tfjs, ${placement},`, open, {
    writeEcho: echoTfjs,
    taken: ['float32', 'int32', 'bool'],
    refused: ['string'],
  });
}
