/** Something that the person at this machine can put right: its message is the one line to print, without a stack. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
