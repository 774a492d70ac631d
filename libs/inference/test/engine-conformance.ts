import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tensor, type AnyTensor } from '@ganglion/tensor';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineModel, EngineSettings, Session } from '../src/engine.js';
import { expectedOutput, settings } from './tiny-models.js';

/** Opens a session for a model: an engine alone, or one in a thread or process. */
export type OpenSession = (model: EngineModel, settings: EngineSettings) => Promise<Session>;

/** Writes the tiny model y = x · W + b into a folder, its graph referring to weights of this name. */
export type WriteModel = (folder: string, location?: string) => Promise<EngineModel>;

type Row = readonly [number, number];
const feed = (...rows: Row[]) => ({ x: tensor('float32', [rows.length, 2], Float32Array.from(rows.flat())) });
const numbers = (value: AnyTensor | undefined) => Array.from(value?.data as Float32Array);
const code = (value: string) => expect.objectContaining({ code: value });

/**
 * What every engine and every place must do alike.
 *
 * @param options `isOneFile`: the format holds its weights itself, so that no graph of it can ask for another file.
 */
export function describeEngine(
  name: string,
  open: OpenSession,
  { writeTiny, isOneFile = false }: { readonly writeTiny: WriteModel; readonly isOneFile?: boolean },
): void {
  describe(`${name} keeps the contract of a session`, () => {
    let folder: string;
    const sessions: Session[] = [];
    const openTiny = async (model?: EngineModel) => {
      const session = await open(model ?? (await writeTiny(folder)), settings);
      sessions.push(session);
      return session;
    };

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ganglion-engine-'));
    });
    afterEach(async () => {
      await Promise.all(sessions.splice(0).map((session) => session.dispose()));
      await rm(folder, { recursive: true });
    });

    it('says what the model takes and gives', async () => {
      const { inputs, outputs } = await openTiny();
      const anyName = expect.any(String);
      expect(inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [anyName, 2] }]);
      expect(outputs).toEqual([{ name: 'y', dtype: 'float32', shape: outputs[0]?.shape }]);
      // A graph of TensorFlow.js does not say what shape its outputs have.
      expect([[anyName, 3], null]).toContainEqual(outputs[0]?.shape);
    });

    it('computes, one row or several', async () => {
      const session = await openTiny();
      for (const rows of [
        [[1, 2]],
        [
          [1, 2],
          [-3, 0.5],
          [0, 0],
        ],
      ] as Row[][]) {
        const { y } = await session.run(feed(...rows));
        expect(y?.shape).toEqual([rows.length, 3]);
        expect(numbers(y)).toEqual(expectedOutput(rows));
      }
    });

    it('keeps runs that are under way at once apart, and their outputs as they are', async () => {
      const session = await openTiny();
      const rows = Array.from({ length: 20 }, (_, index): Row => [index, -index]);
      const results = await Promise.all(rows.map((row) => session.run(feed(row))));
      results.forEach(({ y }, index) => expect(numbers(y)).toEqual(expectedOutput([rows[index]!])));
    });

    it.each([
      ['an input that is missing', {}, 'takes an input "x": float32 ['],
      ['an input of another dtype', { x: tensor('int32', [1, 2], new Int32Array(2)) }, 'not int32 [1, 2]'],
      ['an input of another shape', { x: tensor('float32', [2], new Float32Array(2)) }, 'not float32 [2]'],
      [
        'fewer elements than the shape says',
        { x: { ...feed([1, 2]).x, shape: [2, 2] } },
        'takes 4 elements, not 2',
      ],
      ['an input that it does not know', { ...feed([1, 2]), z: feed([1, 2]).x }, 'takes no input "z"'],
    ])('refuses %s', async (_, inputs, message) => {
      const run = (await openTiny()).run(inputs);
      await expect(run).rejects.toThrow(code('invalid_input'));
      await expect(run).rejects.toThrow(message);
    });

    it('refuses files that are not what was hashed', async () => {
      const model = await writeTiny(folder);
      const { path, location, bytes } = model.files.at(-1)!;
      await writeFile(location, new Uint8Array(bytes));
      await expect(openTiny(model)).rejects.toThrow(`"${path}" does not have the sha256`);
      await writeFile(location, new Uint8Array(bytes - 1));
      await expect(openTiny(model)).rejects.toThrow(`"${path}" has ${bytes - 1} bytes instead of ${bytes}`);
      await rm(location);
      await expect(openTiny(model)).rejects.toThrow(code('model_unavailable'));
    });

    const elsewhere = isOneFile
      ? []
      : ['../weights.bin', '/etc/hostname', 'elsewhere/../../weights.bin', 'other.bin'];
    for (const location of elsewhere)
      it(`refuses a graph that takes its weights from ${location}`, async () => {
        const loading = openTiny(await writeTiny(folder, location));
        await expect(loading).rejects.toThrow(code('model_unavailable'));
        await expect(loading).rejects.toThrow('which its manifest does not list');
      });

    it('refuses a graph that is cut short', async () => {
      const model = await writeTiny(folder);
      const [entry, ...others] = model.files;
      const { sha256, bytes } = { sha256: await shorten(entry!.location, 40), bytes: 40 };
      const cut = { ...model, files: [{ ...entry!, sha256, bytes }, ...others] };
      await expect(openTiny(cut)).rejects.toThrow(code('model_unavailable'));
    });

    it('refuses runs after it was disposed, which may be said twice', async () => {
      const session = await openTiny();
      await session.dispose();
      await session.dispose();
      await expect(session.run(feed([1, 2]))).rejects.toThrow(code('model_unavailable'));
    });
  });
}

async function shorten(location: string, bytes: number): Promise<string> {
  const content = (await readFile(location)).subarray(0, bytes);
  await writeFile(location, content);
  return createHash('sha256').update(content).digest('hex');
}
