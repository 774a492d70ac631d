/**
 * `npm start`: everything from a fresh clone to a served answer. This file and what it loads first must run on any
 * Node, and before anything is installed: no imports but Node's own, and none that an old Node lacks.
 */
import { nodeProblem } from './node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import('./command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
