import { setMaxListeners } from 'node:events';
import type { SlotVersion } from '@ganglion/contracts/slots';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { CallContext } from '../../call-context.js';
import type { Prediction } from '../../handles.js';
import type { Logger } from '../../logger.js';
import { StageTimer } from '../../stage-timer.js';
import { compareOutputs } from './compare-outputs.js';
import { findVersion, pickVersion } from './pick-version.js';
import type { ShadowLane } from './shadow-lane.js';
import type { SlotMetrics } from './slot-metrics.js';
import type { SlotVersionHolder } from './slot-version.js';

/** A version that has its place in a slot. */
export interface RoutedVersion<UseCase> extends SlotVersion {
  readonly holder: SlotVersionHolder<UseCase>;
}

/** What an app does with the use case of a version. The context is that of the call, or of a shadow of it. */
export type SlotWork<UseCase, Output> = (
  useCase: UseCase,
  context: CallContext,
) => Promise<Prediction<Output>>;

export interface SlotOptions {
  readonly lane: ShadowLane;
  readonly metrics: SlotMetrics;
  readonly logger: Logger;
  /** Set for a slot whose model helps that of another: it takes a model that is asked for only where it holds it. */
  readonly isPart: boolean;
}

/** A shadow is nobody's hurry, but not to run for ever. */
const SHADOW_MS = 60_000;

/** Where a capability gets its model from: each call has one version from beginning to end. */
export class Slot<UseCase> {
  private routed: readonly RoutedVersion<UseCase>[] = [];
  private shadows: readonly RoutedVersion<UseCase>[] = [];
  /** Each version's count of calls, found once rather than at every call. */
  private counts: ReadonlyMap<RoutedVersion<UseCase>, { inc(): void }> = new Map();

  /** @param name `<service>/<slot>` */
  constructor(
    readonly name: string,
    private readonly options: SlotOptions,
  ) {}

  /** The versions that it holds. */
  get versions(): readonly RoutedVersion<UseCase>[] {
    return this.routed;
  }

  /** Gives all calls that come from now on to these versions. */
  route(versions: readonly RoutedVersion<UseCase>[]): void {
    this.routed = versions;
    this.counts = new Map(
      versions.map((version) => {
        const { model, role } = version;
        return [version, this.options.metrics.calls.labels({ slot: this.name, model, role })];
      }),
    );
    this.shadows = versions.filter(({ role }) => role === 'shadow');
  }

  /**
   * Answers a call by the version that it asks for, or whose turn it is.
   *
   * @throws ServiceError `unknown_model` when it asks for one that the slot does not hold; `model_unavailable`,
   *   `deadline_exceeded` when the model is not there in time; and what `work` throws.
   */
  async use<Output>(context: CallContext, work: SlotWork<UseCase, Output>): Promise<Prediction<Output>> {
    const version = this.pick(context);
    this.counts.get(version)?.inc();
    const startedAt = performance.now();
    const prediction = await this.options.lane.during(() =>
      version.holder.use(context, (useCase) => work(useCase, context)),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    if (context.lane !== 'background') {
      for (const shadow of this.shadows) {
        if (shadow !== version) this.follow(shadow, { context, work, prediction, seconds });
      }
    }
    return prediction;
  }

  private pick({ model, callId }: CallContext): RoutedVersion<UseCase> {
    if (model === undefined) return pickVersion(this.routed, callId);
    const isOther = this.options.isPart && !this.routed.some((version) => version.model === model);
    return isOther ? pickVersion(this.routed, callId) : findVersion(this.routed, model);
  }

  /** Lets a shadow compute the same input, once the caller has the answer. */
  private follow<Output>(
    shadow: RoutedVersion<UseCase>,
    answered: {
      readonly context: CallContext;
      readonly work: SlotWork<UseCase, Output>;
      readonly prediction: Prediction<Output>;
      readonly seconds: number;
    },
  ): void {
    const { lane, metrics, logger } = this.options;
    const labels = { slot: this.name, model: shadow.model };
    answered.context.shadows.push((record) => {
      const run = async (): Promise<void> => {
        try {
          const startedAt = performance.now();
          const context = shadowContext(answered.context, lane.signal);
          const prediction = await shadow.holder.use(context, (useCase) => answered.work(useCase, context));
          metrics.shadowSeconds.observe({ ...labels, of: 'shadow' }, (performance.now() - startedAt) / 1_000);
          metrics.shadowSeconds.observe({ ...labels, of: 'answer' }, answered.seconds);
          const { agrees, difference } = compareOutputs(answered.prediction.output, prediction.output);
          metrics.shadowRuns.inc({ ...labels, outcome: agrees ? 'agreed' : 'differed' });
          metrics.shadowDifference.observe(labels, difference);
          await record({ ...prediction, warnings: [...(prediction.warnings ?? []), ...context.notes] });
        } catch (error) {
          metrics.shadowRuns.inc({ ...labels, outcome: 'failed' });
          logger.warn({ ...labels, err: error, requestId: answered.context.requestId }, 'A shadow failed');
        }
      };
      if (!lane.add(run)) metrics.shadowRuns.inc({ ...labels, outcome: 'dropped' });
    });
  }
}

/** The call once more, for nobody: with time of its own, behind all that somebody waits for. */
function shadowContext(call: CallContext, stopping: AbortSignal): CallContext {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(SHADOW_MS)]);
  setMaxListeners(0, signal);
  return {
    ...call,
    predictionId: uuidv7(),
    model: undefined,
    signal,
    deadline: performance.now() + SHADOW_MS,
    timing: new StageTimer(),
    notes: new Set(),
    shadows: [],
    lane: 'background',
  };
}
