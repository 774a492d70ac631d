import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { natsServerBinary } from '../../servers/nats-binary.mjs';
import { REPOSITORY } from '../../start/repository.mjs';
import { find, render } from '../chart.mjs';
import { chartFacts } from '../facts.mjs';
import { programPath, RUNS_HERE } from '../programs.mjs';

const run = promisify(execFile);
const INFRA = join(REPOSITORY, 'infra');
const text = await readFile(join(INFRA, 'compose.yaml'), 'utf8');
const compose = parse(text, { merge: true });
const here = RUNS_HERE ? describe : describe.skip;

describe('infra/compose.yaml', () => {
  it('runs every app, each expected by the gateway and scraped', async () => {
    const apps = Object.keys(chartFacts());
    for (const app of apps) expect(compose.services).toHaveProperty([app]);
    const expected = compose.services.gateway.environment.GANGLION_EXPECT.split(',');
    expect(expected).toEqual(apps.filter((name) => name !== 'gateway'));
    const { scrape_configs } = parse(await readFile(join(INFRA, 'compose', 'prometheus.yaml'), 'utf8'));
    const targets = scrape_configs[0].static_configs.flatMap((/** @type {any} */ { targets }) => targets);
    expect(targets.map((/** @type {string} */ target) => target.split(':')[0]).sort()).toEqual(apps.sort());
  });

  it('sets no setting that docs/environment.md does not know', async () => {
    const page = await readFile(join(REPOSITORY, 'docs', 'environment.md'), 'utf8');
    for (const [, name] of text.matchAll(/(GANGLION_[A-Z_]+):/g)) expect(page).toContain(`| \`${name}\``);
  });

  it('mounts files that are there, and names volumes and services that it has', async () => {
    for (const { volumes = [], depends_on = {} } of Object.values(compose.services)) {
      for (const volume of volumes) {
        const [source] = volume.split(':');
        if (source.startsWith('./')) await stat(join(INFRA, source));
        else expect(compose.volumes).toHaveProperty([source]);
      }
      for (const name of Object.keys(depends_on)) expect(compose.services).toHaveProperty([name]);
    }
  });

  it('asks for every secret that it takes, and env.example lists them', async () => {
    const example = await readFile(join(INFRA, 'compose', 'env.example'), 'utf8');
    for (const [, name] of text.matchAll(/\$\{([A-Z_]+)/g))
      expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
    for (const [, name, rest] of text.matchAll(/\$\{([A-Z_]*(?:TOKEN|PASSWORD|KEY))([^}]*)\}/g)) {
      expect([name, rest]).toEqual([name, ':?']);
    }
  });

  it('keeps nothing that grows without a bound', () => {
    for (const [name, { logging }] of Object.entries(compose.services)) {
      expect([name, logging?.options]).toEqual([name, { 'max-size': '10m', 'max-file': '5' }]);
    }
    expect(compose.services.prometheus.command.join(' ')).toContain('retention.size');
  });
});

describe("NATS' configuration", () => {
  it('of compose is one that the server takes', async () => {
    await checkNats(await readFile(join(INFRA, 'compose', 'nats.conf'), 'utf8'));
  });

  (RUNS_HERE ? it : it.skip)('of the chart is one that the server takes, alone and as three', async () => {
    for (const replicas of [1, 3]) {
      const resources = await render(['--set', `nats.replicas=${replicas},nats.tls.enabled=false`]);
      await checkNats(find(resources, 'ConfigMap', 'nats').data['nats.conf']);
    }
  });
});

here('the Dockerfiles', () => {
  it.each(['cpu', 'cuda'])('%s.Dockerfile has nothing that hadolint finds', async (kind) => {
    await run(await programPath('hadolint'), [join(INFRA, 'image', `${kind}.Dockerfile`)]);
  });
});

async function checkNats(/** @type {string} */ configuration) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-nats-'));
  try {
    const file = join(folder, 'nats.conf');
    await writeFile(file, configuration.replace('/data', folder));
    const env = { NATS_TOKEN: 'x', POD_NAME: 'nats-0' };
    await run(await natsServerBinary(), ['-t', '--config', file], { env });
  } finally {
    await rm(folder, { recursive: true });
  }
}
