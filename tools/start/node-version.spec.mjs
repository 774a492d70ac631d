import { describe, expect, it } from '@jest/globals';
import { nodeProblem } from './node-version.mjs';

describe('nodeProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('lets %s pass', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.8', '16.0.0'])('refuses %s in one line that names it', (version) => {
    expect(nodeProblem(version)).toMatch(
      new RegExp(`^Ganglion needs Node 20\\.19 or newer, and this is ${version}:.+$`),
    );
  });
});
