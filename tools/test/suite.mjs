import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../start/repository.mjs';
import { prepareTests } from './prepare.mjs';

/** @typedef {'format' | 'lint' | 'types' | 'tests'} Step */

/** Programs of node_modules and their arguments. */
const TOOLS = /** @type {const} */ ({
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['eslint', '.'],
  types: ['tsc', '-p', 'tsconfig.json'],
});

/**
 * Sets up, takes every step even after one has failed, and ends with the line `N passed, N failed`, which counts tests.
 *
 * @param {Step[]} steps
 * @param {string[]} jestArguments
 */
export async function runSuite(steps, jestArguments) {
  let counts = { passed: 0, failed: 0 };
  /** @type {Step[]} */
  const failedSteps = [];
  try {
    await prepareTests();
    for (const step of steps) {
      console.log(`\n== ${step}`);
      if (step === 'tests') counts = await runJest(jestArguments);
      else if ((await runTool(TOOLS[step])) !== 0) failedSteps.push(step);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  if (failedSteps.length > 0) console.log(`\nNot in order: ${failedSteps.join(', ')}`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 || failedSteps.length > 0 ? 1 : 0;
}

/** @returns {Promise<{ passed: number, failed: number }>} */
async function runJest(/** @type {string[]} */ jestArguments) {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-jest-'));
  const report = join(folder, 'report.json');
  try {
    const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const code = await runTool(['jest', '--json', `--outputFile=${report}`, ...jestArguments], options);
    return countTests(JSON.parse(await readFile(report, 'utf8')), code);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * A file that can't even be loaded is a failed test, and so is a run that fails for a reason of its own.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number }} report Jest's
 * @param {number | null} code the exit code of Jest
 */
export function countTests(report, code) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/**
 * @param {readonly string[]} command a program of node_modules and its arguments
 * @param {string[]} nodeOptions
 * @returns {Promise<number | null>} its exit code; null when a signal ended it
 */
function runTool([program = '', ...args], nodeOptions = []) {
  const script = join(REPOSITORY, 'node_modules', '.bin', program);
  const child = spawn(process.execPath, [...nodeOptions, script, ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', program === 'jest' ? 'ignore' : 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
