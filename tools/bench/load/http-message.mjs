const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

/**
 * What a caller sends.
 *
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: Buffer }} HttpRequest
 *
 * `length` is how many bytes the whole response takes.
 * @typedef {{ status: number, body: Buffer, closes: boolean, length: number }} HttpResponse
 */

/** The bytes of a request of HTTP/1.1. @param {HttpRequest} request @param {string} host */
export function writeRequest({ method, path, headers, body }, host) {
  const fields = Object.entries({ host, ...headers, 'content-length': String(body.length) });
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/**
 * Reads the response with which these bytes begin.
 *
 * @param {Buffer} bytes
 * @returns {HttpResponse | undefined} undefined while it is incomplete
 * @throws RangeError when it is no response whose end can be known
 */
export function readResponse(bytes) {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const start = headEnd + HEAD_END.length;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const content = isChunked(head) ? readChunks(bytes, start) : readLength(bytes, start, head);
  if (!(status >= 200)) throw new RangeError(`no final response of HTTP/1.1: ${head.slice(0, 80)}`);
  return content && { status, closes: /\r\nconnection: *close/i.test(head), ...content };
}

function isChunked(/** @type {string} */ head) {
  return /\r\ntransfer-encoding: *chunked/i.test(head);
}

function readLength(/** @type {Buffer} */ bytes, /** @type {number} */ start, /** @type {string} */ head) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new RangeError('a response without length and without chunks');
  const end = start + Number(length);
  return bytes.length < end ? undefined : { body: bytes.subarray(start, end), length: end };
}

/** @source RFC 9112, section 7.1 */
function readChunks(/** @type {Buffer} */ bytes, /** @type {number} */ start) {
  const chunks = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new RangeError('a chunk without size');
    const from = lineEnd + LINE_END.length;
    const end = from + size + LINE_END.length;
    if (bytes.length < end) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), length: end };
    chunks.push(bytes.subarray(from, from + size));
    at = end;
  }
}
