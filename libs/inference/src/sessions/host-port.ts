import type { HostReply, HostRequest } from './host-protocol.js';

/** How much a model may take; what is absent is derived. */
export interface SessionLimits {
  /** How long one run may take; only a process can be ended over it. */
  readonly runMs?: number | undefined;
  /** How long loading may take; only a process can be ended over it. */
  readonly loadMs?: number | undefined;
  /** Of a process all its memory and its heap, of a thread the JavaScript heap alone. */
  readonly memoryMb?: number | undefined;
}

/** How a host came to its end. */
export interface HostEnd {
  /** As the end of a sentence, such as `killed by SIGSEGV`. */
  readonly why: string;
  /** Its error, or what it printed last: for the log. */
  readonly lastWords: string;
}

/** The seam to a place outside of this thread where a session is held. */
export interface HostPort {
  readonly place: 'thread' | 'process';
  /** Whether it can be ended while a model computes in it. */
  readonly isInterruptible: boolean;
  /** Resolves when it has ended, for whatever reason, and every reply of it was heard. */
  readonly ended: Promise<HostEnd>;
  /** Hears its replies from now on, in the place of whoever heard them before. */
  onReply(listener: (reply: HostReply) => void): void;
  post(request: HostRequest): void;
  /** Ends it where it stands. */
  kill(why: string): void;
}
