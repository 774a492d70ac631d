import type { ContractDocument } from '@ganglion/contracts/contract-document';
import { Injectable } from '@nestjs/common';
import { compareVersions } from './compare-versions.js';

/** One running instance of a service, as it answers `PING`. */
export interface Instance {
  /** Its id in the NATS Services protocol; calls can name it. */
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly digest: string;
  /** Rounds in a row in which it did not answer. */
  misses: number;
  /** Calls that this gateway has sent to it and that are not answered yet. */
  callsInFlight: number;
}

/** What is served under a service's name. */
export interface ServedContract {
  readonly digest: string;
  readonly document: ContractDocument;
}

/** What an instance says of itself. */
export type InstanceIdentity = Pick<Instance, 'id' | 'service' | 'version' | 'digest'>;

/** Rounds without an answer after which an instance counts as gone. */
const MAX_MISSES = 3;

/** All that is known of the services on NATS. Contracts stay when their last instance goes, so that routes stay too. */
@Injectable()
export class ServiceRegistry {
  private readonly instances = new Map<string, Instance>();
  /** The same instances by service: read on every call. */
  private readonly rosters = new Map<string, readonly Instance[]>();
  private readonly contracts = new Map<string, ContractDocument>();
  private readonly served = new Map<string, ServedContract>();
  private readonly listeners: (() => void)[] = [];

  /** @param listener Called whenever what is served under some name is another contract than before. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** @returns whether the contract of that instance is known already. */
  sight(identity: InstanceIdentity): boolean {
    const hasContract = this.contracts.has(identity.digest);
    const known = this.instances.get(identity.id);
    if (known !== undefined) {
      known.misses = 0;
      return hasContract;
    }
    this.instances.set(identity.id, { ...identity, misses: 0, callsInFlight: 0 });
    this.update(identity.service);
    return hasContract;
  }

  addContract(digest: string, document: ContractDocument): void {
    if (this.contracts.has(digest)) return;
    this.contracts.set(digest, document);
    this.update(document.service);
  }

  /** Takes up what a service offered before this gateway started; what is there now goes before it. */
  recall(digest: string, document: ContractDocument): void {
    if (this.served.has(document.service)) return;
    this.contracts.set(digest, document);
    this.served.set(document.service, { digest, document });
    for (const listener of this.listeners) listener();
  }

  /** Ends a round: whoever is not among `seen` missed it, and is dropped at the third time. */
  endRound(seen: ReadonlySet<string>): void {
    for (const instance of this.instances.values()) {
      if (seen.has(instance.id)) continue;
      instance.misses += 1;
      if (instance.misses >= MAX_MISSES) this.drop(instance);
    }
    this.forgetUnusedContracts();
  }

  /** Forgets an instance that has gone; should it answer again, it is known again. */
  drop({ id, service }: Instance): void {
    if (this.instances.delete(id)) this.update(service);
  }

  /** What is served, by service, in the order the services were first seen. */
  servedContracts(): ReadonlyMap<string, ServedContract> {
    return this.served;
  }

  instancesOf(service: string): readonly Instance[] {
    return this.rosters.get(service) ?? [];
  }

  private update(service: string): void {
    const roster = [...this.instances.values()].filter((instance) => instance.service === service);
    this.rosters.set(service, roster);
    this.serveNewest(service, roster);
  }

  /** Of the contracts that live instances have, the newest is served; with no instance left, the last one stays. */
  private serveNewest(service: string, roster: readonly Instance[]): void {
    const candidates = roster.filter(({ digest }) => this.contracts.has(digest));
    const newest = candidates.reduce<Instance | undefined>((best, instance) => {
      return best === undefined || compareVersions(instance.version, best.version) >= 0 ? instance : best;
    }, undefined);
    if (newest === undefined || this.served.get(service)?.digest === newest.digest) return;
    const document = this.contracts.get(newest.digest);
    if (document === undefined) return;
    this.served.set(service, { digest: newest.digest, document });
    for (const listener of this.listeners) listener();
  }

  private forgetUnusedContracts(): void {
    const used = new Set([...this.instances.values(), ...this.served.values()].map(({ digest }) => digest));
    for (const digest of this.contracts.keys()) if (!used.has(digest)) this.contracts.delete(digest);
  }
}
