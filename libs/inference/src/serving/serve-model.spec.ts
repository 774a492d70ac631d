import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tensor } from '@ganglion/tensor';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyManifest, tinyProbe, writeManifests } from '../../test/tiny-app.js';
import { expectedOutput, tinyTfjsGraph } from '../../test/tiny-models.js';
import { CPU } from '../engines/device.js';
import { DEFAULT_LICENCES } from '../manifests/licence-gate.js';
import { readManifests } from '../manifests/read-manifests.js';
import { openSession, type OpenOptions } from '../sessions/open-session.js';
import type { PrepareRaw } from './prepare-probes.js';
import { serveModel, type ServedModel, type ServeOptions } from './serve-model.js';

describe('serveModel', () => {
  let app: string;
  const served: ServedModel[] = [];
  const lines: string[] = [];

  beforeEach(async () => {
    app = await mkdtemp(join(tmpdir(), 'ganglion-serve-'));
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(served.splice(0).map(({ runner }) => runner.close()));
    await rm(app, { recursive: true });
  });

  /** Serves the tiny model, with changes to its manifest and to how it is served. */
  async function serve(change: object = {}, options: Partial<ServeOptions> = {}): Promise<ServedModel> {
    await writeManifests(app, { 'tiny.json': { ...(await tinyManifest(app)), ...change } });
    const [found] = await readManifests(app);
    const model = await serveModel(found!, {
      settings: { device: { provider: 'cpu', index: 0 }, intraOpThreads: 1 },
      cacheFolder: join(app, 'cache'),
      licences: DEFAULT_LICENCES,
      log: (line) => lines.push(line),
      ...options,
    });
    served.push(model);
    return model;
  }

  async function run({ runner }: ServedModel): Promise<number[]> {
    const { outputs } = await runner.run({ x: tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)) });
    return Array.from(outputs.y!.data as Float32Array);
  }
  const answer = expectedOutput([
    [1, 2],
    [3, 4],
  ]);

  const unproved = { probes: [], unverified: true };

  it('proves a model and lets it serve', async () => {
    const model = await serve();
    expect(model).toMatchObject({ placement: 'inline', device: 'cpu', isVerified: true, warnings: [] });
    expect(await run(model)).toEqual(answer);
    expect(lines).toEqual([
      expect.stringMatching(
        /^tiny@1\.0\.0 serves on cpu, inline, in batches of up to \d, the largest in \d+\.\d\d ms\.$/,
      ),
    ]);
  });

  it.each(['thread', 'auto'])('serves in the place "%s"', async (placement) => {
    const model = await serve({ placement });
    expect(placement === 'auto' ? ['inline', 'thread'] : ['thread']).toContain(model.placement);
    expect(await run(model)).toEqual(answer);
  });

  it('reads the files of a model, and proves them', async () => {
    const model = await serve();
    expect(await model.readFile('weights.bin')).toHaveLength(36);
    await expect(model.readFile('tokenizer.json')).rejects.toThrow('which its manifest does not list');
    await writeFile(join(app, 'models', 'tiny', 'weights.bin'), new Uint8Array(36));
    await expect(model.readFile('weights.bin')).rejects.toThrow('does not have the sha256');
  });

  it('lets no model serve whose outputs are not those of the reference', async () => {
    const y = { ...tinyProbe.outputs.y, data: tinyProbe.outputs.y.data.with(1, 99) };
    const probe = { ...tinyProbe, outputs: { y } };
    await expect(serve({ probes: [tinyProbe, probe] })).rejects.toThrow(
      'The model tiny@1.0.0 can\'t serve: probe "one row": "y" is 11.5 at 1, expected 99 (worked out by hand).',
    );
    const shape = { ...tinyProbe, outputs: { y: { dtype: 'float32', shape: [3], data: y.data } } };
    await expect(serve({ probes: [shape] })).rejects.toThrow('"y" is float32 [1, 3], expected float32 [3]');
  });

  it('takes outputs within the tolerance, absolute and relative', async () => {
    const y = { ...tinyProbe.outputs.y, data: tinyProbe.outputs.y.data.map((value) => value * 1.01) };
    const probe = (tolerance: object) => ({ ...tinyProbe, outputs: { y }, tolerance });
    await serve({ probes: [probe({ absolute: 0, relative: 0.011 })] });
    await serve({ probes: [probe({ absolute: 0.16, relative: 0 })] });
    await expect(serve({ probes: [probe({ absolute: 0.01, relative: 0.001 })] })).rejects.toThrow(
      "can't serve",
    );
  });

  describe('with a probe that holds what a caller would send', () => {
    const { inputs: _, ...due } = tinyProbe;
    const raw = { ...due, name: 'raw', raw: { text: '1 2' } };
    /** Preprocessing of the tiny model: numbers in a text. */
    const prepareRaw: PrepareRaw = (given) => {
      const values = 'text' in given ? given.text.split(' ').map(Number) : [];
      return { x: tensor('float32', [1, 2], Float32Array.from(values)) };
    };

    it('proves preprocessing and model at once', async () => {
      const model = await serve({ probes: [raw] }, { prepareRaw });
      expect(model.isVerified).toBe(true);
      expect(await run(model)).toEqual(answer);
    });

    it('refuses a model whose preprocessing is not that of the reference', async () => {
      const wrong: PrepareRaw = () => ({ x: tensor('float32', [1, 2], Float32Array.of(2, 1)) });
      const serving = serve({ probes: [tinyProbe, raw] }, { prepareRaw: wrong });
      await expect(serving).rejects.toThrow(`tiny@1.0.0 can't serve: probe "raw": "y" is `);
    });

    it('refuses a model whose preprocessing fails over it', async () => {
      const failing: PrepareRaw = () => {
        throw new Error('no tokenizer');
      };
      await expect(serve({ probes: [raw] }, { prepareRaw: failing })).rejects.toMatchObject({
        code: 'model_unavailable',
        message: "The model tiny@1.0.0 can't serve: a probe failed: no tokenizer.",
      });
    });

    it('takes it for no proof where there is no app to prepare it', async () => {
      const model = await serve({ probes: [raw] });
      expect(model.isVerified).toBe(false);
      expect(lines[0]).toBe('The probe "raw" of tiny is left out: it needs its service.');
    });
  });

  it('lets a model without probes serve that says so, and shows it', async () => {
    const model = await serve({ probes: [], unverified: true });
    expect(model.isVerified).toBe(false);
    expect(model.warnings).toEqual([
      'The model tiny@1.0.0 is unverified: no probe has compared it with a reference.',
    ]);
    expect(await run(model)).toEqual(answer);
    expect(lines[0]).toContain('not measured');
  });

  it.each([
    [
      'a licence that may not load',
      { licence: 'NOASSERTION' },
      'its licence is NOASSERTION, which GANGLION_LICENCES',
    ],
    [
      'a signature that the model does not have',
      { ...unproved, outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 4] }] },
      'the output "y" is float32 [batch, 3], not float32 [batch, 4]',
    ],
    [
      'an input by a name that the model does not have',
      { ...unproved, inputs: [{ name: 'pixels', dtype: 'float32', shape: ['batch', 2] }] },
      'the model has no input "pixels", only "x"; the model takes an input "x" (float32 [batch, 2]) as well',
    ],
    [
      'an input of a dtype that the model does not take',
      { ...unproved, inputs: [{ name: 'x', dtype: 'string', shape: ['batch', 2] }] },
      'the input "x" is float32 [batch, 2], not string [batch, 2]',
    ],
  ])('refuses %s', async (_, change, message) => {
    const serving = serve(change);
    await expect(serving).rejects.toThrow(message);
    await expect(serving).rejects.toMatchObject({ code: 'model_unavailable' });
  });

  it('loads a licence that was allowed', async () => {
    expect(await run(await serve({ licence: 'NOASSERTION' }, { licences: ['NOASSERTION'] }))).toEqual(answer);
  });

  it('says which file is not there', async () => {
    const { files } = await tinyManifest(app);
    const pulled = files.map((file) => ({ ...file, sources: [`npm:tiny@1.0.0#${file.path}`] }));
    await expect(serve({ files: pulled })).rejects.toThrow(
      `"model.onnx" is not in ${join(app, 'cache')}; "ganglion models pull" brings it.`,
    );
  });

  it.each([
    ['process', {}],
    ['auto', { runMs: 60_000 }],
  ])('serves in a process what asks for it (%s, %j)', async (placement, limits) => {
    const model = await serve({ placement, limits });
    expect(model.placement).toBe('process');
    expect(await run(model)).toEqual(answer);
  });

  it('hands the settings and limits of the manifest on, which go before the others', async () => {
    const opened: OpenOptions[] = [];
    const open: typeof openSession = (model, given) => {
      opened.push(given);
      return openSession(model, given);
    };
    const engineSettings = { intraOpThreads: 2, graphOptimization: 'basic', memoryArena: false };
    const limits = { memoryMb: 1_024 };
    await serve({ placement: 'thread', engineSettings, limits }, { open });
    expect(opened).toEqual([
      expect.objectContaining({
        placement: 'thread',
        limits,
        settings: { device: CPU, ...engineSettings },
      }),
    ]);
  });

  it('leaves no session behind when one of several fails', async () => {
    let sessions = 0;
    let left = 0;
    const open: typeof openSession = async (model, given) => {
      sessions += 1;
      if (sessions === 3) throw new Error('no more memory');
      const session = await openSession(model, given);
      left += 1;
      const dispose = () => {
        left -= 1;
        return session.dispose();
      };
      return { ...session, run: (inputs) => session.run(inputs), dispose };
    };
    const refused = serve({ placement: 'inline' }, { open, instances: 3 });
    await expect(refused).rejects.toThrow('no more memory');
    expect(left).toBe(0);
  });

  describe('on a CUDA device where it does not fit', () => {
    const settings = { device: { provider: 'cuda', index: 1 } } as const;
    /** What ONNX Runtime does on such a device, on one or the other of its calls. */
    const fail = async () => {
      throw new Error('CUDA out of memory');
    };
    const atLoad: typeof openSession = (model, given) =>
      given.settings.device.provider === 'cuda' ? fail() : openSession(model, given);
    const atRun: typeof openSession = async (model, given) => {
      const session = await openSession(model, { ...given, settings: { device: CPU } });
      return given.settings.device.provider === 'cuda' ? Object.assign(session, { run: fail }) : session;
    };

    it.each([
      ['load', atLoad],
      ['run', atRun],
    ])('computes on the CPU, if it fails to %s and may', async (_, open) => {
      const model = await serve({}, { settings, open, fallsBackToCpu: true });
      expect(model.device).toBe('cpu');
      expect(await run(model)).toEqual(answer);
      expect(lines[0]).toMatch(/^tiny@1\.0\.0 is left to the CPU: .*CUDA out of memory/);
    });

    it('is refused, if it may not', async () => {
      await expect(serve({}, { settings, open: atRun })).rejects.toThrow(
        "The model tiny@1.0.0 can't serve: a probe failed: CUDA out of memory.",
      );
    });
  });

  it('finds at load what only a run can show: the outputs of TensorFlow.js', async () => {
    const folder = join(app, 'models', 'tiny');
    const { files } = await tinyTfjsGraph(folder);
    const change = {
      engine: 'tfjs',
      entry: 'model.json',
      files: files.map(({ path, bytes, sha256 }) => ({
        path,
        bytes,
        sha256,
        sources: [`file:tiny/${path}`],
      })),
    };
    expect(await run(await serve(change))).toEqual(answer);
    const outputs = [{ name: 'y', dtype: 'float32', shape: ['batch', 4] }];
    await expect(serve({ ...change, outputs })).rejects.toThrow(
      'The model must give an output "y" of float32 [batch, 4], but gave float32 [1, 3].',
    );
  });
});
