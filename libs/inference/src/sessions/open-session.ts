import type { EngineModel, EngineSettings, Session } from '../engine.js';
import { loadEngine } from '../engines/load-engine.js';
import type { Log } from '../log.js';
import type { SessionLimits } from './host-port.js';
import { openProcess } from './process/process-port.js';
import { SessionHost } from './session-host.js';
import { SupervisedSession } from './supervised.session.js';
import { openThread } from './thread/thread-port.js';

/**
 * Where a session computes: in the caller's own thread, whose event loop it holds meanwhile; in a thread of its own; or
 * in a process of its own, which a native crash, a stuck run and the memory do not leave.
 */
export type Placement = 'inline' | 'thread' | 'process';

export interface OpenOptions {
  readonly placement: Placement;
  readonly settings: EngineSettings;
  readonly limits?: SessionLimits | undefined;
  /** Takes one line for each death of a thread or process and each attempt to load its model again. */
  readonly log?: Log | undefined;
}

/**
 * Loads a model in a place; the session behaves alike in each.
 *
 * @throws ServiceError model_unavailable when the model can't be loaded.
 */
export async function openSession(model: EngineModel, options: OpenOptions): Promise<Session> {
  const { placement, settings, limits = {}, log } = options;
  if (placement === 'inline') return (await loadEngine(model.engine)).load(model, settings);
  const openPort = placement === 'thread' ? openThread : openProcess;
  const start = () => SessionHost.start(openPort(model, limits), { model, settings, limits });
  return SupervisedSession.load(model, { start, log });
}
