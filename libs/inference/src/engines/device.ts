import { ServiceError } from '@ganglion/contracts/errors';

/** Where models compute. */
export interface Device {
  readonly provider: 'cpu' | 'cuda';
  /** Which CUDA device; 0 on the CPU. */
  readonly index: number;
}

export const CPU: Device = { provider: 'cpu', index: 0 };

/** Loads a probe on a CUDA device. @throws when it can't. */
export type TryCuda = (index: number) => Promise<void>;

/**
 * The device that `GANGLION_DEVICE` asks for: `auto` (CUDA where it works, else the CPU), `cpu`, `cuda` or `cuda:<n>`.
 *
 * @returns The device, and in words why it was chosen.
 * @throws ServiceError model_unavailable when the setting is none of these, or asks for a CUDA that does not work.
 */
export async function chooseDevice(
  setting: string,
  tryCuda: TryCuda,
): Promise<{ readonly device: Device; readonly reason: string }> {
  if (setting === 'cpu') return { device: CPU, reason: 'GANGLION_DEVICE=cpu' };
  const match = /^(?:auto|cuda(?::(\d+))?)$/.exec(setting);
  if (match === null) {
    throw new ServiceError(
      'model_unavailable',
      `GANGLION_DEVICE must be auto, cpu, cuda or cuda:<n>, not "${setting}".`,
    );
  }
  const index = Number(match[1] ?? 0);
  try {
    await tryCuda(index);
    return { device: { provider: 'cuda', index }, reason: `GANGLION_DEVICE=${setting}` };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (setting === 'auto') return { device: CPU, reason: `CUDA can't be used: ${why}` };
    throw new ServiceError(
      'model_unavailable',
      `GANGLION_DEVICE=${setting}, but CUDA can't be used: ${why}`,
      { cause },
    );
  }
}

/** Such as `cpu` or `cuda:0`. */
export function deviceName({ provider, index }: Device): string {
  return provider === 'cpu' ? 'cpu' : `cuda:${index}`;
}
