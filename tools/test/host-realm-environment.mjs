/**
 * Jest's node environment with the host's typed arrays: onnxruntime-node and worker threads hand out values of
 * the host realm, and with a second `Float32Array` of the sandbox `instanceof` would fail on them.
 */
import { TestEnvironment } from 'jest-environment-node';

const HOST_TYPES = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

export default class HostRealmEnvironment extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    const sandbox = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this.global));
    const host = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis));
    for (const name of HOST_TYPES) sandbox[name] = host[name];
  }
}
