import { openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '../failure.js';

/** Standard input, as it is named on a command line. */
export const STDIN = '-';

/** More is sent as a file: standard input is held in memory. */
const MOST_STDIN_BYTES = 512 * 1024 * 1024;

/** What arguments point to: files, and standard input, once. Each method throws a `UsageError` that names what is wrong. */
export class Sources {
  private isStdinRead = false;

  constructor(private readonly surroundings: { readonly stdin: AsyncIterable<Uint8Array | string> }) {}

  /** A file's bytes, read when they are sent. Their type is for the server to find: it looks at them. */
  async blob(path: string): Promise<Blob> {
    const isFile = path !== STDIN && (await checkFile(path));
    if (isFile) return openAsBlob(path);
    return new Blob([await this.bytes(path)]);
  }

  /** A whole input. */
  async json(path: string): Promise<Readonly<Record<string, unknown>>> {
    const text = await this.text(path);
    const value = parseJson(text, nameOf(path));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as object as never;
    throw new UsageError(`${nameOf(path)} must hold one JSON object, the input.`);
  }

  /** Text without the line break that ends its last line. */
  async text(path: string): Promise<string> {
    const bytes = await this.bytes(path);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
    } catch {
      throw new UsageError(`${nameOf(path)} is not UTF-8.`);
    }
  }

  private async bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
    if (path === STDIN) return this.readStdin();
    await checkFile(path);
    return notEmpty(await readFile(path).catch((error) => fail(path, error)), path);
  }

  private async readStdin(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.isStdinRead) throw new UsageError('standard input can be read once: "-" is given twice.');
    this.isStdinRead = true;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.surroundings.stdin) {
      chunks.push(Buffer.from(chunk as Uint8Array));
      size += chunk.length;
      if (size > MOST_STDIN_BYTES)
        throw new UsageError('standard input is larger than 512 MiB: give a file.');
    }
    return notEmpty(Buffer.concat(chunks), STDIN);
  }
}

function nameOf(path: string): string {
  return path === STDIN ? 'standard input' : path;
}

function notEmpty(bytes: Buffer, path: string): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength === 0) throw new UsageError(`${nameOf(path)} is empty.`);
  return bytes as Uint8Array<ArrayBuffer>;
}

/** @returns whether it is a file of known size, and no pipe (`<(…)` of a shell) or device */
async function checkFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error) => fail(path, error));
  if (found.isDirectory()) throw new UsageError(`${path} is a folder, not a file.`);
  if (found.isFile() && found.size === 0) throw new UsageError(`${path} is empty.`);
  return found.isFile();
}

function fail(path: string, { code, message }: NodeJS.ErrnoException): never {
  if (code === 'ENOENT') throw new UsageError(`there is no file ${path}.`);
  throw new UsageError(`${path} cannot be read (${code ?? message}).`);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is no JSON: ${(error as Error).message}.`);
  }
}
