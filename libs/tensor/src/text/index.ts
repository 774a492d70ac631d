export { isWellFormed } from './is-well-formed.js';
export { toTokenTensors, type TokenTensors } from './token-tensors.js';
export { toWindows, type WindowFrame } from './token-windows.js';
