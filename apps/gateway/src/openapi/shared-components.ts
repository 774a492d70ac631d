/** What every operation's description refers to. */
export const SHARED_SCHEMAS = {
  Model: {
    type: 'object',
    description: 'Which model gave the answer.',
    required: ['id', 'version'],
    properties: {
      id: { type: 'string' },
      version: { type: 'string', description: 'Semantic version of the model.' },
    },
  },
  Problem: {
    type: 'object',
    description: 'An error (RFC 9457). `type` is a page that explains the code.',
    required: ['type', 'title', 'status', 'detail', 'code', 'retryable'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What was wrong, and what would be right.' },
      code: { type: 'string', description: 'Stable; programs decide by it.' },
      retryable: { type: 'boolean', description: 'Whether the very same request may succeed later.' },
      requestId: { type: 'string' },
      retryAfterMs: { type: 'number' },
      errors: {
        type: 'array',
        description: 'Each place in the input that is wrong.',
        items: {
          type: 'object',
          required: ['pointer', 'detail'],
          properties: {
            pointer: { type: 'string', description: 'JSON Pointer into the input.' },
            detail: { type: 'string' },
          },
        },
      },
    },
  },
} as const;

/** Headers by which a call is kept. */
export const SHARED_PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The request is carried out once, however often it is sent; its answer is given again for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description: '`respond-async` makes a job of the call; `wait=<seconds>` waits that long for its end.',
    schema: { type: 'string' },
    example: 'respond-async',
  },
} as const;

export const SECURITY_SCHEMES = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'gk_live_…',
    description: 'An API key: `Authorization: Bearer gk_live_…`.',
  },
} as const;

export const DESCRIPTION = `Every answer of an operation that predicts has an \`id\`, by which the ledger knows it, the \`model\` and its
version, the \`output\`, and \`warnings\` about anything that was done to the input. Errors are problems (RFC 9457) with a
stable \`code\`. \`Server-Timing\` tells where the time went; \`Ganglion-Deadline-Ms\` shortens how long a call may take,
and \`Ganglion-Model\` (\`<id>@<version>\`) picks the version that answers, where a service holds more than one.`;
