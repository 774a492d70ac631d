import type * as Tfjs from '@tensorflow/tfjs';
import type { Device } from '../device.js';

export type TfjsModule = typeof Tfjs;

/** A TensorFlow.js that is ready to compute. */
export interface TfjsRuntime {
  readonly tf: TfjsModule;
  /** Where it computes: `cuda:0`, `cpu` or `wasm`. */
  readonly device: string;
}

let wasm: Promise<TfjsRuntime> | undefined;

/**
 * The fastest TensorFlow.js there is: `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node` where somebody installed
 * it (both download a native library, so they are no dependencies of ours), else WebAssembly with SIMD.
 */
export async function loadRuntime({ provider, index }: Device): Promise<TfjsRuntime> {
  const gpu = provider === 'cuda' ? await importOptional('@tensorflow/tfjs-node-gpu') : null;
  if (gpu !== null) return { tf: gpu, device: `cuda:${index}` };
  const native = await importOptional('@tensorflow/tfjs-node');
  if (native !== null) return { tf: native, device: 'cpu' };
  wasm ??= startWasm();
  return wasm;
}

/** A package that is not there, or whose native library is not, throws on import. */
async function importOptional(name: string): Promise<TfjsModule | null> {
  try {
    return ((await import(name)) as { readonly default: TfjsModule }).default;
  } catch {
    return null;
  }
}

async function startWasm(): Promise<TfjsRuntime> {
  const { default: tf } = (await import('@tensorflow/tfjs')) as unknown as { readonly default: TfjsModule };
  await import('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm')))
    throw new Error('The WebAssembly backend of TensorFlow.js does not start.');
  return { tf, device: 'wasm' };
}
