/** What the model hub reads; the page of all variables tells it. */
export const hubEnvironment = {
  models: {
    env: 'GANGLION_MODELS',
    type: 'list',
    default: [],
    doc: "Folders of your own models' manifests (`*.json`), beside those of the apps.",
  },
  offline: {
    env: 'GANGLION_OFFLINE',
    type: 'boolean',
    default: false,
    doc: 'Nothing outside of this machine is contacted; what is missing is told in one line.',
  },
  endpoint: {
    env: 'HF_ENDPOINT',
    type: 'string',
    default: 'https://huggingface.co',
    doc: 'Where `hf:` sources are: the public hub, or a mirror of it.',
  },
  token: {
    env: 'HF_TOKEN',
    type: 'secret',
    default: null,
    doc: 'Token for models of the hub that ask for one; sent to HF_ENDPOINT only.',
  },
  ganglionToken: {
    env: 'GANGLION_HF_TOKEN',
    type: 'secret',
    default: null,
    doc: 'The same, and comes before HF_TOKEN.',
  },
} as const;
