import { describe, expect, it } from '@jest/globals';
import { figure } from '../bench/figures.mjs';
import { formatPerformance } from './performance-page.mjs';

const measured = (/** @type {Parameters<typeof figure>} */ ...args) => ({
  ...figure(...args),
  machine: '2 x CPU',
});
const atCallers = 'rivals/text/8-callers';

describe('formatPerformance', () => {
  it('has a row for each figure, which says whether its goal was reached', async () => {
    const page = await formatPerformance([
      measured('path/1-callers', [0.5, 0.7, 0.6], { goal: { atLeast: 0.6 } }),
      measured('soak/errors', [3], { unit: 'requests', goal: { atMost: 0 } }),
    ]);
    expect(page).toMatch(/\| path\/1-callers +\| 0\.6 +\| ratio +\| 0\.5 to 0\.7 +\| >= 0\.6 +\| yes +\|/);
    expect(page).toMatch(/\| soak\/errors .+\| \*\*no\*\* +\|/);
    expect(page).toContain('On 2 x CPU.');
  });

  it('lays servers side by side', async () => {
    const page = await formatPerformance([
      measured(`${atCallers}/ganglion/throughput`, [120], { unit: 'requests/s' }),
      measured(`${atCallers}/ganglion/latency`, [60], { unit: 'ms' }),
      measured(`${atCallers}/fastapi/throughput`, [110], { unit: 'requests/s' }),
      measured(`${atCallers}/fastapi/latency`, [70], { unit: 'ms' }),
    ]);
    expect(page).toMatch(/\| model, callers +\| ganglion +\| fastapi +\|/);
    expect(page).toMatch(/\| text, 8 +\| 120\/s, 60 ms +\| 110\/s, 70 ms +\|/);
  });

  it('says what was not measured', async () => {
    expect(await formatPerformance([])).toContain('CUDA was not measured');
    expect(await formatPerformance([measured('gpu/minilm/latency', [9])])).not.toContain(
      'CUDA was not measured',
    );
  });
});
