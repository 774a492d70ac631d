const OLDEST = [20, 19];

/**
 * What is wrong with that version of Node, in one line, or nothing. Plain enough for an old Node to read.
 *
 * @param {string} version `20.19.0`
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Ganglion needs Node ${OLDEST.join('.')} or newer, and this is ${version}: https://nodejs.org/`;
}
