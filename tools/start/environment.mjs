/**
 * What `npm start` itself reads; `--help` and the page of all variables tell it. What it does not know it hands on to the
 * apps.
 *
 * @satisfies {import('@ganglion/service-kit/environment').Environment}
 */
export const startEnvironment = /** @type {const} */ ({
  home: {
    env: 'GANGLION_HOME',
    type: 'string',
    default: '.ganglion',
    doc: 'Folder of the state: databases, blobs, logs, the first key.',
  },
  port: {
    env: 'GANGLION_PORT',
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 8080,
    doc: 'Port of the public HTTP API; 0 takes a free one.',
  },
  cache: {
    env: 'GANGLION_CACHE',
    type: 'string',
    default: null,
    doc: "Folder of models and server programs; the user's cache folder unless told otherwise.",
  },
  offline: {
    env: 'GANGLION_OFFLINE',
    type: 'boolean',
    default: false,
    doc: 'Nothing outside of this machine is contacted; what is missing is told in one line.',
  },
  natsUrl: {
    env: 'GANGLION_NATS_URL',
    type: 'string',
    default: null,
    doc: 'A NATS server that runs already, with JetStream, in the place of one of its own.',
  },
  natsToken: {
    env: 'GANGLION_NATS_TOKEN',
    type: 'secret',
    default: null,
    doc: 'Token of that NATS server.',
  },
  databaseUrl: {
    env: 'GANGLION_DATABASE_URL',
    type: 'secret',
    default: null,
    doc: 'A PostgreSQL that runs already, as URL of an administrator, in the place of one of its own.',
  },
  natsServer: {
    env: 'GANGLION_NATS_SERVER',
    type: 'string',
    default: null,
    doc: 'The nats-server program to use, in the place of one found or fetched.',
  },
});
