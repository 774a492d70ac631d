import { z } from 'zod';

const MAX_THREADS = 1024;

/** An engine takes from it what it knows; what is absent is left to the environment. */
const engineSettings = z.strictObject({
  intraOpThreads: z
    .int()
    .min(0)
    .max(MAX_THREADS)
    .optional()
    .describe('Threads within one operator; 0 for one a core.'),
  interOpThreads: z
    .int()
    .min(1)
    .max(MAX_THREADS)
    .optional()
    .describe('Threads over operators that do not depend on each other.'),
  graphOptimization: z.enum(['disabled', 'basic', 'extended', 'all']).optional(),
  memoryArena: z.boolean().optional().describe('Whether freed memory is kept for the next run.'),
  memoryPattern: z
    .boolean()
    .optional()
    .describe('Whether one block is planned for a whole run; only of use when shapes repeat.'),
});

/** What is absent is derived. */
const limits = z.strictObject({
  runMs: z.int().min(1).optional().describe('How long one run may take; its process is ended over it.'),
  loadMs: z.int().min(1).optional().describe('How long loading may take; its process is ended over it.'),
  memoryMb: z
    .int()
    .min(128)
    .optional()
    .describe('Of a process all its memory and its heap, of a thread the JavaScript heap alone.'),
});

/** The part of a manifest that says where and how a model runs. */
export const runningFields = {
  placement: z
    .enum(['auto', 'inline', 'thread', 'process'])
    .default('auto')
    .describe(
      'Where it computes. `auto`: a process when it has limits, else a thread, or inline when it is quick.',
    ),
  limits: limits.default({}).describe('How much it may take; what is absent is derived.'),
  engineSettings: engineSettings
    .default({})
    .describe('How ONNX Runtime runs it; goes before what the environment says.'),
};

interface Running {
  readonly placement: string;
  readonly engine: string;
  readonly limits: z.output<typeof limits>;
  readonly engineSettings: z.output<typeof engineSettings>;
}

/** Reports what could not be kept, which would otherwise be ignored in silence. */
export function checkRunning(
  { placement, limits, engine, engineSettings }: Running,
  report: (path: string[], message: string) => void,
): void {
  const isEndless = placement === 'inline' || placement === 'thread';
  for (const limit of ['runMs', 'loadMs'] as const) {
    if (isEndless && limits[limit] !== undefined)
      report(['limits', limit], 'needs the placement "process": nothing else can be ended while it computes');
  }
  if (placement === 'inline' && limits.memoryMb !== undefined)
    report(['limits', 'memoryMb'], 'needs the placement "thread" or "process"');
  if (engine === 'onnx') return;
  for (const setting of Object.keys(engineSettings))
    report(['engineSettings', setting], 'is a setting of ONNX Runtime alone');
}
