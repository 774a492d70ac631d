/**
 * What the scripts that train and evaluate read.
 *
 * @satisfies {import('@ganglion/service-kit/environment').Environment}
 */
export const trainingEnvironment = /** @type {const} */ ({
  data: {
    env: 'GANGLION_DATA',
    type: 'string',
    doc: 'Folder of the data; each script says what it must hold.',
  },
});
