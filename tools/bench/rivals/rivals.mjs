import * as dialects from './dialects.mjs';

/**
 * A server that ours is compared with: its command in the virtual environment that `<name>/requirements.txt` makes, run
 * in the folder of the Python files. `settings` are the environment that was found best for each model (README.md).
 *
 * @typedef {{ port: number, spare: readonly [number, number], folder: string }} Place
 * @typedef {{
 *   dialect: import('./dialects.mjs').Dialect,
 *   command: (place: Place) => [program: string, ...args: string[]],
 *   env?: (place: Place) => Record<string, string>,
 *   settings?: Readonly<Record<import('./dialects.mjs').WorkloadName, Record<string, string>>>,
 * }} Rival
 */

const HOST = '127.0.0.1';

/** @type {Readonly<Record<string, Rival>>} */
export const RIVALS = {
  fastapi: {
    dialect: dialects.plain,
    command: ({ port }) => {
      const where = ['--host', HOST, '--port', String(port)];
      const how = ['--workers', '1', '--loop', 'uvloop', '--http', 'httptools'];
      return ['uvicorn', 'fastapi_server:app', ...where, ...how, '--no-access-log', '--log-level', 'warning'];
    },
  },
  litserve: {
    dialect: dialects.litserve,
    command: () => ['python', 'litserve_server.py'],
    env: ({ port }) => ({ RIVAL_PORT: String(port) }),
    settings: {
      tabular: { RIVAL_MAX_BATCH: '1', RIVAL_BATCH_WAIT_MS: '0', RIVAL_FAST_QUEUE: '0' },
      text: { RIVAL_MAX_BATCH: '32', RIVAL_BATCH_WAIT_MS: '5', RIVAL_FAST_QUEUE: '0' },
      image: { RIVAL_MAX_BATCH: '1', RIVAL_BATCH_WAIT_MS: '0', RIVAL_FAST_QUEUE: '0' },
    },
  },
  mlserver: {
    dialect: dialects.openInference,
    command: ({ folder }) => ['mlserver', 'start', folder],
    env: ({ port, spare }) => ({
      MLSERVER_HOST: HOST,
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(spare[0]),
      MLSERVER_METRICS_PORT: String(spare[1]),
      MLSERVER_DEBUG: 'false',
      MLSERVER_GZIP_ENABLED: 'false',
      MLSERVER_PARALLEL_WORKERS: '0',
      MLSERVER_MODEL_NAME: 'rival',
      MLSERVER_MODEL_IMPLEMENTATION: 'mlserver_runtime.Runtime',
    }),
    settings: {
      tabular: { MLSERVER_MODEL_MAX_BATCH_SIZE: '32', MLSERVER_MODEL_MAX_BATCH_TIME: '0' },
      text: { MLSERVER_MODEL_MAX_BATCH_SIZE: '8', MLSERVER_MODEL_MAX_BATCH_TIME: '0.001' },
      image: {},
    },
  },
  bentoml: {
    dialect: dialects.bentoml,
    command: ({ port }) => [
      'bentoml',
      'serve',
      'bentoml_service:Predict',
      '--host',
      HOST,
      '--port',
      String(port),
    ],
    env: ({ folder }) => ({ BENTOML_HOME: folder, BENTOML_DO_NOT_TRACK: 'True' }),
    settings: {
      tabular: { RIVAL_MAX_BATCH: '32' },
      text: { RIVAL_MAX_BATCH: '32' },
      image: { RIVAL_MAX_BATCH: '2' },
    },
  },
};
