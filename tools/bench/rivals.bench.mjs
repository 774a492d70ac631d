/** Ganglion whole, on one core, against FastAPI, LitServe, MLServer and BentoML on that core, with the same models. */
import { figure } from './figures.mjs';
import { formatFigures } from './rivals/format-figures.mjs';
import { measureRivals, RIVAL_COMPETITORS } from './rivals/measure-rivals.mjs';
import { OURS } from './rivals/ours.mjs';

export const summary = 'the whole product on one core, against four Python servers with the same models';

/** @type {import('./bench.mjs').Bench['measure']} */
export async function measure({ rounds, say }) {
  const figures = await measureRivals({ competitors: [OURS, ...RIVAL_COMPETITORS], rounds, say });
  say(formatFigures(figures));
  return figures
    .filter(({ competitor }) => competitor === OURS.name)
    .map((ours) => {
      const rivals = figures.filter(
        ({ model, callers, competitor }) =>
          model === ours.model && callers === ours.callers && competitor !== OURS.name,
      );
      const name = `rivals/${ours.model}/${ours.callers}-callers`;
      if (ours.callers === 1) {
        const fastest = Math.min(...rivals.map(({ p50Ms }) => p50Ms));
        return figure(`${name}/p50`, [ours.p50Ms / fastest], { goal: { atMost: 1.2 } });
      }
      const best = Math.max(...rivals.map(({ requestsPerSecond }) => requestsPerSecond));
      return figure(name, [ours.requestsPerSecond / best], { goal: { atLeast: 1 } });
    });
}
