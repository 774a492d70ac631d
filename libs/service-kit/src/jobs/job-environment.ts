import type { JobClass } from '@ganglion/contracts/capability';
import { defineEnvironment, type Settings } from '../environment.js';

export const jobEnvironment = defineEnvironment({
  cpuJobs: {
    env: 'GANGLION_JOBS_CPU',
    type: 'integer',
    min: 0,
    max: 1_000,
    default: 4,
    doc: 'Jobs of the class `cpu` that one instance of a service runs at the same time.',
  },
  gpuJobs: {
    env: 'GANGLION_JOBS_GPU',
    type: 'integer',
    min: 0,
    max: 1_000,
    default: 4,
    doc: 'Jobs of the class `gpu` that one instance runs at the same time; 0 on a machine without a GPU.',
  },
  trainingJobs: {
    env: 'GANGLION_JOBS_TRAINING',
    type: 'integer',
    min: 0,
    max: 1_000,
    default: 1,
    doc: 'Jobs of the class `training` that one instance runs at the same time.',
  },
});

/** How many jobs of each class an instance runs at the same time. */
export type JobSlots = Readonly<Record<JobClass, number>>;

export function jobSlotsOf(settings: Settings<typeof jobEnvironment>): JobSlots {
  return { cpu: settings.cpuJobs, gpu: settings.gpuJobs, training: settings.trainingJobs };
}
