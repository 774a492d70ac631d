/**
 * Makes this process one that is given a plan by `runLoad`, sends its result and ends.
 *
 * @template Plan
 * @param {(plan: Plan) => Promise<unknown>} work
 */
export function answerPlan(work) {
  process.once('message', async (/** @type {Plan} */ plan) => {
    process.send?.(await work(plan), undefined, {}, () => process.exit(0));
  });
  process.once('disconnect', () => process.exit(0));
}
