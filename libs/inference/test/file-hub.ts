import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const REVISION = '0123456789abcdef0123456789abcdef01234567';

/** What goes wrong with one request. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** The connection is cut after so many bytes. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** Comes byte by byte, after a first piece. */
  | { readonly kind: 'drip'; readonly bytes: number }
  /** Ends early, without a length, as if it were whole. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** Another content, without a length. */
  | { readonly kind: 'other'; readonly content: Uint8Array };

/** A request as it came. */
export interface Asked {
  readonly server: 'hub' | 'storage';
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/**
 * A server that speaks the file API of the Hugging Face Hub, on two ports as there on two hosts: the hub redirects
 * `resolve/<revision>/<path>` to the storage, which knows ranges.
 */
export class FileHub {
  readonly asked: Asked[] = [];
  /** Of the storage, one a request; then all goes well. */
  readonly faults: Fault[] = [];
  /** Of the hub itself. */
  readonly hubFaults: Fault[] = [];
  /** When set, who does not send it is refused. */
  token: string | null = null;
  hasEtags = true;
  linkedSize: number | null = null;

  private constructor(
    private readonly files: Record<string, Uint8Array>,
    private readonly hub: Server,
    private readonly storage: Server,
  ) {
    hub.on('request', (request, response) => this.redirect(request, response));
    storage.on('request', (request, response) => void this.serve(request, response));
  }

  /** @param files By `<owner>/<name>/<path>`. */
  static async start(files: Record<string, Uint8Array>): Promise<FileHub> {
    const [hub, storage] = [createServer(), createServer()];
    for (const server of [hub, storage]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return new FileHub(files, hub, storage);
  }

  get url(): string {
    return urlOf(this.hub);
  }

  /** Where the file lies, without a redirect. */
  storageUrl(name: string): string {
    return `${urlOf(this.storage)}/${name}`;
  }

  async close(): Promise<void> {
    for (const server of [this.hub, this.storage]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  private redirect(request: IncomingMessage, response: ServerResponse): void {
    this.note('hub', request);
    const fault = this.hubFaults.shift();
    if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end('no');
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`)
      return void response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end('no');
    const [, repository, path] =
      new RegExp(`^/([^/]+/[^/]+)/resolve/${REVISION}/(.+)$`).exec(request.url ?? '') ?? [];
    const name = `${repository}/${decodeURIComponent(path ?? '')}`;
    const content = this.files[name];
    if (content === undefined) return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    const headers = {
      location: this.storageUrl(name),
      'x-linked-size': String(this.linkedSize ?? content.length),
      'x-linked-etag': etagOf(content),
    };
    response.writeHead(302, headers).end('Found. Redirecting');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.note('storage', request);
    const content = this.files[decodeURIComponent((request.url ?? '').slice(1))];
    const fault = this.faults.shift();
    if (content === undefined) return void response.writeHead(404).end();
    if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end('no');
    if (fault?.kind === 'other') return void response.writeHead(200).end(fault.content);
    if (fault?.kind === 'short') {
      response.writeHead(200).write(content.subarray(0, fault.bytes));
      return void response.end();
    }
    const start = this.startOf(request, content);
    const headers = {
      'content-length': content.length - start,
      ...(this.hasEtags && { etag: etagOf(content) }),
    };
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, { ...headers, ...(start > 0 && range) });
    if (fault === undefined) return void response.end(content.subarray(start));
    response.write(content.subarray(start, start + fault.bytes), () => {
      if (fault.kind === 'cut') response.destroy();
    });
    if (fault.kind === 'drip') await drip(response, content.subarray(start + fault.bytes));
  }

  /** As RFC 9110 has it: a range counts only while it is still the same content. */
  private startOf({ headers }: IncomingMessage, content: Uint8Array): number {
    const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
    return start !== undefined && headers['if-range'] === etagOf(content) ? Number(start) : 0;
  }

  private note(server: Asked['server'], { url = '', headers }: IncomingMessage): void {
    const { authorization, range } = headers;
    this.asked.push({
      server,
      url,
      authorization,
      range,
      ifRange: headers['if-range'] as string | undefined,
    });
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function etagOf(content: Uint8Array): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

async function drip(response: ServerResponse, content: Uint8Array): Promise<void> {
  for (const byte of content) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await sleep(20);
  }
}
