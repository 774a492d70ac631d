/** `npm run check`: format, lint, types and every test. */
import { nodeProblem } from '../start/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import('./suite.mjs').then(({ runSuite }) => runSuite(['format', 'lint', 'types', 'tests'], []));
}
