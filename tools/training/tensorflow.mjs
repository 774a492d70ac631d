import * as imported from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

/** TensorFlow.js on WebAssembly: plain packages of npm, and the same sums on every machine. */
export const tf = /** @type {typeof imported} */ (
  'default' in imported ? /** @type {any} */ (imported).default : imported
);

await tf.setBackend('wasm');
