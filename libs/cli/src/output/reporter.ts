import type { GanglionError, ServiceState } from '@ganglion/client';
import { printable } from './printable.js';
import { renderTree } from './render-tree.js';

/** Where a command writes. */
export interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
}

/** Writes answers: for reading on a terminal, else as one line of JSON each, just as they came. */
export class Reporter {
  private isFirst = true;

  constructor(
    private readonly streams: Streams,
    private readonly form: { readonly json: boolean },
  ) {}

  /** @param label What the answer is to, when there are several. */
  answer(answer: unknown, label?: string): void {
    if (this.form.json) return this.json(answer);
    this.say(renderAnswer(answer), label);
    for (const warning of warningsOf(answer)) this.complain(`warning: ${warning}`, label);
  }

  /** @param line The same, for reading. */
  failure(error: GanglionError, line: string, label?: string): void {
    this.complain(line, label);
    // One line an input, so that answers are told apart by their place.
    if (this.form.json && label !== undefined) this.json({ error: toProblem(error) });
  }

  services(services: readonly ServiceState[]): void {
    if (this.form.json) return services.forEach((service) => this.json(service));
    const rows = services.map(({ service, state, instances, capabilities, summary }) => ({
      service,
      state,
      instances,
      operations: capabilities.map(({ operation }) => operation).join(', '),
      summary: summary ?? '',
    }));
    this.say(renderTree(rows));
  }

  private json(value: unknown): void {
    this.streams.stdout.write(`${JSON.stringify(value ?? null)}\n`);
  }

  private say(text: string, label?: string): void {
    const heading = label === undefined ? '' : `${this.isFirst ? '' : '\n'}== ${shorten(label)}\n`;
    this.isFirst = false;
    this.streams.stdout.write(`${heading}${text}\n`);
  }

  private complain(line: string, label?: string): void {
    const of = label === undefined ? '' : `${shorten(label)}: `;
    this.streams.stderr.write(`${of}${printable(line)}\n`);
  }
}

const LONGEST_LABEL = 60;

/** A path or a text, to be recognised by. */
function shorten(label: string): string {
  const line = printable(label.trim().replaceAll(/\s+/g, ' '));
  if (line === '') return '""';
  return line.length > LONGEST_LABEL ? `${line.slice(0, LONGEST_LABEL - 1)}…` : line;
}

interface Answer {
  readonly id: string;
  readonly model: { readonly id: string; readonly version: string };
  readonly output: unknown;
  readonly explanation?: unknown;
  readonly warnings: readonly string[];
}

function isAnswer(value: unknown): value is Answer {
  return (
    typeof value === 'object' && value !== null && ['id', 'model', 'output'].every((name) => name in value)
  );
}

function warningsOf(answer: unknown): readonly string[] {
  return isAnswer(answer) ? (answer.warnings ?? []) : [];
}

/** What was found first, where it comes from last. */
function renderAnswer(answer: unknown): string {
  if (!isAnswer(answer)) return renderTree(answer);
  const { output, explanation, model, id } = answer;
  const origin = renderTree({ model: `${model.id}@${model.version}`, id });
  const why = explanation === undefined ? [] : [renderTree({ explanation })];
  return [renderTree(output), ...why, origin].join('\n\n');
}

function toProblem(error: GanglionError): object {
  const { code, status, detail, retryable, errors, requestId } = error;
  return { code, status, detail, retryable, errors, requestId };
}
