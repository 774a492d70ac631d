/** `npm test`: sets up all that the tests need, then runs every one; what follows `--` goes to Jest. */
import { nodeProblem } from '../start/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import('./suite.mjs').then(({ runSuite }) => runSuite(['tests'], process.argv.slice(2)));
}
