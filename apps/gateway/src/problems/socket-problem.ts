import type { Socket } from 'node:net';
import { ServiceError, toProblem } from '@ganglion/contracts/errors';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { PROBLEM_TYPE } from './send-problem.js';

/** Answers what is so broken that Node never made a request of it, and hangs up. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = uuidv7();
  const problem = toProblem(explain(error.code), requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Ganglion-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function explain(code: string | undefined): ServiceError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ServiceError('headers_too_large', 'The request line and headers are larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError(
        'malformed_request',
        'The request did not arrive in the time that it may take.',
      );
    default:
      return new ServiceError('malformed_request', 'This is not HTTP/1.1.');
  }
}
