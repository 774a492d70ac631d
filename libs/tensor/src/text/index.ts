export { isWellFormed } from './is-well-formed.js';
export { toTokenTensors, type TokenTensors } from './token-tensors.js';
export { toWindows, type WindowFrame } from './token-windows.js';
export { normaliseText, type TextNormalisation } from './normalise-text.js';
export { TextTokenizer } from './text-tokenizer.js';
