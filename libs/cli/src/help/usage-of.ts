import { mainField, spoken, type Operation } from '../api/operation.js';

/** One line: `ganglion image-recognition detect <image> [options]`. */
export function usageOf(operation: Operation): string {
  return `${commandOf(operation)}${argumentOf(operation)} [options]`;
}

export function commandOf(operation: Operation): string {
  return `ganglion ${operation.service} ${spoken(operation)}`;
}

function argumentOf(operation: Operation): string {
  const main = mainField(operation);
  if (main !== undefined) return ` <${main.name}>`;
  return operation.fields.some(({ isRequired }) => isRequired) ? ' <input.json>' : '';
}
