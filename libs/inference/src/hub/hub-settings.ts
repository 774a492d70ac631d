import { hubEnvironment } from './environment.js';

/** How the world outside of this machine is reached. */
export interface HubSettings {
  /** Where `hf:` sources are: an origin, perhaps with a path, without a slash at its end. */
  readonly endpoint: string;
  /** Sent to the endpoint, and to nobody else. */
  readonly token: string | null;
  /** Nothing is contacted. */
  readonly isOffline: boolean;
}

/**
 * Reads what {@link hubEnvironment} declares.
 *
 * @throws Error when a value makes no sense.
 */
export function readHubSettings(environment: Readonly<NodeJS.ProcessEnv> = process.env): HubSettings {
  const read = ({ env }: { readonly env: string }) => environment[env] || null;
  const endpoint = read(hubEnvironment.endpoint) ?? hubEnvironment.endpoint.default;
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint))
    throw new Error(`HF_ENDPOINT is "${endpoint}": it must be a URL, such as https://huggingface.co.`);
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    token: read(hubEnvironment.ganglionToken) ?? read(hubEnvironment.token),
    isOffline: readBoolean(hubEnvironment.offline.env, read(hubEnvironment.offline)),
  };
}

function readBoolean(name: string, text: string | null): boolean {
  if (text === null || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw new Error(`${name} is "${text}": it must be 1 or 0.`);
}

/** The folders of the user's own manifests. */
export function ownModelFolders(environment: Readonly<NodeJS.ProcessEnv> = process.env): string[] {
  const text = environment[hubEnvironment.models.env] ?? '';
  return text
    .split(',')
    .map((folder) => folder.trim())
    .filter((folder) => folder !== '');
}
