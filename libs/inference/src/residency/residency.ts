import { MemoryBudget } from './memory-budget.js';
import { Resident, type Holding, type Loadable } from './resident.js';

export interface ResidencyOptions {
  /** What all models together may take; Infinity for no bound. */
  readonly budgetBytes: number;
  /** Calls that may wait for models to load at the same time, over all models. */
  readonly maxHeld: number;
}

/** Which models of a process are in memory: those in use, and of the others as many as the budget holds. */
export class Residency {
  private readonly budget: MemoryBudget;
  private readonly holding: Holding;

  constructor({ budgetBytes, maxHeld }: ResidencyOptions) {
    this.budget = new MemoryBudget(budgetBytes);
    this.holding = { held: 0, maxHeld };
  }

  /** Bytes of the models that are in memory, or on their way there. */
  get takenBytes(): number {
    return this.budget.takenBytes;
  }

  /** Calls that wait for a model to load. */
  get heldCalls(): number {
    return this.holding.held;
  }

  /** Takes a model in; its first use loads it. */
  admit<Value>(loadable: Loadable<Value>): Resident<Value> {
    return new Resident(loadable, this.budget, this.holding);
  }
}
