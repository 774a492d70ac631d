import { chooseDevice, deviceName, type Device } from './device.js';

/**
 * Finds the device that `GANGLION_DEVICE` asks for, and says in one line which it is and why.
 *
 * @throws ServiceError model_unavailable when the setting is none, or asks for a CUDA that does not work.
 */
export async function findDevice(setting: string, log: (line: string) => void): Promise<Device> {
  const { device, reason } = await chooseDevice(setting, async (index) =>
    (await import('./onnx/try-cuda.js')).tryCuda(index),
  );
  log(`Models compute on ${deviceName(device)} (${reason}).`);
  return device;
}
