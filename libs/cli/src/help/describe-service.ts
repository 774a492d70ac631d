import { spoken, type Service } from '../api/operation.js';
import { alignColumns } from '../output/render-table.js';

/** `ganglion <service> --help`. */
export function describeService({ name, summary, operations }: Service): string {
  const rows = operations.map((operation) => [`  ${spoken(operation)}`, operation.summary]);
  return `ganglion ${name} <operation> [input ...] [options]

${summary}

${alignColumns(rows).join('\n')}

ganglion ${name} <operation> --help tells what it takes.
`;
}
