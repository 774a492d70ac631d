import { mainField, type Field, type Operation } from '../api/operation.js';
import { describeType } from '../arguments/coerce-value.js';
import { isHidden, toOption } from '../arguments/field-options.js';
import { alignColumns } from '../output/render-table.js';
import { commandOf, usageOf } from './usage-of.js';

/** `ganglion <service> <operation> --help`. */
export function describeOperation(operation: Operation): string {
  const { summary, description, fields } = operation;
  const parts = [
    usageOf(operation),
    summary,
    ...(description === '' ? [] : [description]),
    ...(fields.length === 0
      ? []
      : [alignColumns(fields.flatMap((field) => describeField(field, operation))).join('\n')]),
    describeExample(operation),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** One row an option, below it what it means. */
function describeField(field: Field, operation: Operation): string[][] {
  const { schema } = field;
  const isMain = field === mainField(operation);
  const name = isHidden(field) ? `${field.name} (by --input)` : toOption(field);
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  return [
    [`  ${isMain ? `<${field.name}>, ${name}` : name}`, describeTaken(field)],
    ...(description === '' ? [] : [['', `  ${description}`]]),
  ];
}

function describeTaken({ schema, mediaTypes, isRequired }: Field): string {
  const type = mediaTypes === undefined ? describeType(schema) : `a file (${mediaTypes.join(', ')})`;
  const { default: byDefault } = schema;
  const otherwise = byDefault === undefined ? '' : ` (${JSON.stringify(byDefault)})`;
  return `${type}${isRequired ? ', needed' : otherwise}`;
}

/** What the document shows as an example, as it is typed. */
function describeExample(operation: Operation): string {
  const command = commandOf(operation);
  const { example, fields } = operation;
  const main = mainField(operation);
  if (main?.mediaTypes !== undefined) {
    const [, subtype = 'bin'] = (main.mediaTypes[0] ?? '').split('/');
    return `Example:\n  ${command} ${main.name}.${subtype}`;
  }
  const text = main && example?.[main.name];
  if (typeof text === 'string') return `Example:\n  ${command} ${JSON.stringify(text)}`;
  if (main !== undefined) return `Example:\n  ${command} <${main.name}>`;
  if (!fields.some(({ isRequired }) => isRequired)) return `Example:\n  ${command}`;
  const holding = example === undefined ? '' : `, which holds\n${JSON.stringify(example, null, 2)}`;
  return `Example:\n  ${command} input.json${holding}`;
}
