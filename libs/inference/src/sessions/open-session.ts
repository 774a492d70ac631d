import type { EngineModel, EngineSettings, Session } from '../engine.js';
import { loadEngine } from '../engines/load-engine.js';
import { ThreadSession, type ThreadOptions } from './thread.session.js';

/**
 * Where a session computes: in the caller's own thread, whose event loop it holds meanwhile, or in one of its own.
 */
export type Placement = 'inline' | 'thread';

/**
 * Loads a model in a place; the session behaves alike in each.
 *
 * @throws ServiceError model_unavailable when the model can't be loaded.
 */
export async function openSession(
  model: EngineModel,
  options: ThreadOptions & { readonly placement: Placement; readonly settings: EngineSettings },
): Promise<Session> {
  if (options.placement === 'thread') return ThreadSession.load(model, options.settings, options);
  return (await loadEngine(model.engine)).load(model, options.settings);
}
