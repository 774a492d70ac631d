/** First in a bundle: a line for each other entry, as `sha256sum` writes it. */
export const CHECKSUMS = 'SHA256SUMS';

/** An entry of a bundle: nothing that could be a path elsewhere. */
const NAME = /^(SHA256SUMS|(manifests|licences)\/[A-Za-z0-9][A-Za-z0-9@.+-]*|models\/[0-9a-f]{64})$/;

export function isEntryName(name: string): boolean {
  return NAME.test(name);
}

/** The sha256 of a model's file, by the name of its entry; null when the entry is something else. */
export function sha256Of(name: string): string | null {
  return /^models\/([0-9a-f]{64})$/.exec(name)?.[1] ?? null;
}
