import { DEFAULT_LICENCES, hubEnvironment } from '@ganglion/inference';
import { defineEnvironment } from '../environment.js';

/** What every service that runs models reads. */
export const modelEnvironment = defineEnvironment({
  device: {
    env: 'GANGLION_DEVICE',
    type: 'string',
    default: 'auto',
    doc: 'Where models compute: auto (CUDA where it works, else the CPU), cpu, cuda or cuda:<n>.',
  },
  deviceFallback: {
    env: 'GANGLION_DEVICE_FALLBACK',
    type: 'enum',
    values: ['auto', 'cpu', 'none'],
    default: 'auto',
    doc: 'What becomes of a model that does not load or prove itself on CUDA (it may not fit): cpu computes it on the CPU, none refuses it; auto is cpu where `GANGLION_DEVICE` is auto, else none.',
  },
  cacheFolder: {
    env: 'GANGLION_CACHE',
    type: 'string',
    default: null,
    doc: "Folder of pulled models and server binaries; the user's cache folder unless told otherwise.",
  },
  modelFolders: hubEnvironment.models,
  licences: {
    env: 'GANGLION_LICENCES',
    type: 'list',
    default: DEFAULT_LICENCES,
    doc: 'SPDX ids of the licences that weights may have to load.',
  },
  intraOpThreads: {
    env: 'GANGLION_INTRA_OP_THREADS',
    type: 'integer',
    min: 0,
    default: null,
    doc: 'Threads within one operator of a model run; 0 takes one a core; half of the cores, 1 to 4, unless told otherwise. More make a single call faster and a loaded machine slower.',
  },
  interOpThreads: {
    env: 'GANGLION_INTER_OP_THREADS',
    type: 'integer',
    min: 1,
    default: 1,
    doc: 'Operators of one model run that ONNX Runtime computes at the same time, where they do not depend on each other.',
  },
  graphOptimization: {
    env: 'GANGLION_GRAPH_OPTIMIZATION',
    type: 'enum',
    values: ['disabled', 'basic', 'extended', 'all'],
    default: 'all',
    doc: 'How far ONNX Runtime rewrites a graph before it runs it.',
  },
  memoryArena: {
    env: 'GANGLION_MEMORY_ARENA',
    type: 'boolean',
    default: true,
    doc: 'Whether ONNX Runtime keeps what a run has freed for the next one: quicker, and more memory at rest.',
  },
  memoryPattern: {
    env: 'GANGLION_MEMORY_PATTERN',
    type: 'boolean',
    default: true,
    doc: 'Whether ONNX Runtime plans one block for a whole run; of use when shapes repeat.',
  },
  maxBatchDelayUs: {
    env: 'GANGLION_MAX_BATCH_DELAY_US',
    type: 'integer',
    min: 0,
    max: 1_000_000,
    default: 0,
    doc: 'How long an idle model waits for more rows before it runs an incomplete batch, in microseconds.',
  },
  batchTargetMs: {
    env: 'GANGLION_BATCH_TARGET_MS',
    type: 'integer',
    min: 1,
    default: null,
    doc: 'How long a batch should take at the most, in milliseconds: larger ones are made smaller, nothing is refused.',
  },
  instances: {
    env: 'GANGLION_MODEL_INSTANCES',
    type: 'integer',
    min: 1,
    default: 1,
    doc: 'Sessions of each model that compute side by side, each with its memory.',
  },
  maxQueuedRows: {
    env: 'GANGLION_MAX_QUEUED_ROWS',
    type: 'integer',
    min: 1,
    default: 1_024,
    doc: 'Rows that may wait for a model; what comes beyond is refused with 503.',
  },
  maxQueueMs: {
    env: 'GANGLION_MAX_QUEUE_MS',
    type: 'integer',
    min: 1,
    default: 10_000,
    doc: 'How long a request may wait for a model, in milliseconds; one that would wait longer, by the time that rows took of late, is refused with 503 at once.',
  },
});
