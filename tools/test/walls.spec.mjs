import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const LINTER = join(import.meta.dirname, 'lint-walls.mjs');

describe('the walls between projects', () => {
  /** @type {import('./lint-walls.mjs').WallReport} */
  let report;
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [LINTER]);
    report = JSON.parse(stdout);
  }, 60_000);

  it('let each violation fire the rule that forbids it, and nothing else', () => {
    expect(report.files.map(({ fixture, fired }) => ({ fixture, rules: fired }))).toEqual(
      report.files.map(({ fixture, expected }) => ({ fixture, rules: expected })),
    );
  });

  it('have a violation for every scope that may not import everything', () => {
    const broken = new Set(report.files.filter(({ fired }) => fired.length > 0).map(({ scope }) => scope));
    expect(report.walledScopes.filter((scope) => !broken.has(scope))).toEqual([]);
  });

  it('let pass what the table allows', () => {
    expect(report.files.filter(({ expected }) => expected.length === 0).length).toBeGreaterThanOrEqual(2);
  });
});
