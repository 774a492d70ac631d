/** What the command line reads; the page of all variables tells it. */
export const cliEnvironment = {
  url: {
    env: 'GANGLION_URL',
    type: 'string',
    default: null,
    doc: 'Address of the API; `--url` comes before it.',
  },
  apiKey: {
    env: 'GANGLION_API_KEY',
    type: 'secret',
    default: null,
    doc: 'API key; `--key` comes before it.',
  },
  home: {
    env: 'GANGLION_HOME',
    type: 'string',
    default: null,
    doc: 'Folder where `npm start` announces address and key; `.ganglion` here or above unless told otherwise.',
  },
} as const;
