import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { readPort, requirePort, requirePython, requireSpace } from './prerequisites.mjs';

it('says which port is in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await expect(requirePort(port)).rejects.toThrow(
    `Port ${port} is in use: stop what uses it, or set GANGLION_PORT`,
  );
  server.close();
  await once(server, 'close');
  await requirePort(port);
});

it('says how much disk is missing', async () => {
  await requireSpace(tmpdir(), 1, 'to run');
  await expect(requireSpace(tmpdir(), 2 ** 60, 'to run')).rejects.toThrow(
    /^Not enough disk to run: \d+ MB are needed/,
  );
});

it('reads a port from the environment', () => {
  expect(readPort(undefined)).toBe(8080);
  expect(readPort('0')).toBe(0);
  expect(() => readPort('http')).toThrow('GANGLION_PORT is "http"');
  expect(() => readPort('65536')).toThrow('GANGLION_PORT');
});

it('finds Python with pip here', async () => {
  await requirePython();
});
