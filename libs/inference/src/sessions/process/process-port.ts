import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EngineModel } from '../../engine.js';
import { builtFile } from '../built-file.js';
import type { HostEnd, HostPort, SessionLimits } from '../host-port.js';
import type { HostReply, HostRequest } from '../host-protocol.js';
import { MessageReader, writeMessage } from './frames.js';

/** What of the memory that there is one model may take, unless its limits say otherwise. */
const MEMORY_SHARE = 0.75;
const MIB = 1 << 20;
/** How much of what it prints is kept for the log. */
const LAST_WORDS_CHARS = 2_000;

/** What a model's process needs of the environment: where libraries and devices are, and no credential. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|LD_\w+|DYLD_\w+|CUDA_\w+|NVIDIA_\w+|ORT_\w+|OMP_\w+|TF_\w+)$/;

/** A process as a host: a native crash, a stuck run and the memory stay in there. */
export function openProcess({ id }: Pick<EngineModel, 'id'>, limits: SessionLimits): ProcessPort {
  return new ProcessPort(id, limits.memoryMb ?? defaultMemoryMb());
}

export class ProcessPort implements HostPort {
  readonly place = 'process';
  readonly isInterruptible = true;
  readonly ended: Promise<HostEnd>;
  readonly child: ChildProcess;
  readonly messages: Socket;
  private listener: (reply: HostReply) => void = () => {};
  private why: string | null = null;
  private lastWords = '';

  constructor(modelId: string, memoryMb: number) {
    const main = fileURLToPath(builtFile('process/session.process.js'));
    this.child = spawn(
      process.execPath,
      [`--max-old-space-size=${memoryMb}`, `--title=model ${modelId}`, main, `${memoryMb}`],
      { env: passOn(process.env), stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
    );
    const [, , stderr, messages, lifeline] = this.child.stdio as unknown as readonly Socket[];
    this.messages = messages as Socket;
    this.hear(stderr as Socket, lifeline as Socket);
    this.ended = new Promise((resolve) => {
      const settle = (how: string): void =>
        resolve({ why: this.why ?? how, lastWords: this.lastWords.trim() });
      this.child.once('close', (code, signal) => settle(describeExit(code, signal, this.lastWords)));
      this.child.once('error', (error) => settle(`it could not be started: ${error.message}`));
    });
  }

  onReply(listener: (reply: HostReply) => void): void {
    this.listener = listener;
  }

  post(request: HostRequest): void {
    writeMessage(this.messages, request);
  }

  kill(why: string): void {
    this.why ??= why;
    this.child.kill('SIGKILL');
  }

  private hear(stderr: Socket, lifeline: Socket): void {
    const reader = new MessageReader<HostReply>((reply) => this.listener(reply));
    this.messages.on('data', (chunk: Buffer) => {
      try {
        reader.read(chunk);
      } catch (error) {
        this.kill(`it sent what is no message: ${String(error)}`);
      }
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS_CHARS);
    });
    // The guard in the process says there why it ends it.
    lifeline.setEncoding('utf8').on('data', (why: string) => (this.why ??= why));
    // A process that dies breaks its pipes; its end is told by its exit.
    for (const socket of [this.messages, stderr, lifeline]) socket.on('error', () => {});
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  if (/heap out of memory|heap limit/i.test(lastWords)) return 'its JavaScript heap passed its limit';
  if (signal === null) return `it exited with code ${code}`;
  return signal === 'SIGKILL' || signal === 'SIGTERM' ? `ended by ${signal}` : `a native crash, ${signal}`;
}

function defaultMemoryMb(): number {
  // Node gives 0 or an absurd number where the container has no limit.
  const constrained = process.constrainedMemory() || Infinity;
  return Math.floor((Math.min(constrained, totalmem()) / MIB) * MEMORY_SHARE);
}

function passOn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
}
