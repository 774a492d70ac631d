import type { SlotOfInstance, SlotVersion } from '@ganglion/contracts/slots';

/** What slots should use, by their names within the service; a slot that nobody set is not there. */
export type Assignments = ReadonlyMap<string, readonly SlotVersion[]>;

/** Hears of changes, and tells what came of them. */
export interface SlotControlListener {
  changed(assignments: Assignments): void;
  /** By the names of the slots within the service. */
  state(instance: string): Readonly<Record<string, SlotOfInstance>>;
}

/** Who says what slots should use. */
export interface SlotControl {
  /** @returns `undefined` when it cannot be reached. */
  read(): Promise<Assignments | undefined>;
  watch(listener: SlotControlListener): void;
  stop(): void;
}

/** Nobody: every slot has the default of its manifests. For tools and tests without a control plane. */
export const NO_CONTROL: SlotControl = {
  read: () => Promise.resolve(undefined),
  watch: () => {},
  stop: () => {},
};
