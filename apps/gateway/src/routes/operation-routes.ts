import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { ServiceRegistry, type ServedContract } from '../discovery/service-registry.js';
import { OWN_ROUTES } from '../http/own-routes.js';
import { compileOperations, type Operation } from './operation.js';
import { RouteTable, type RouteMatch } from './route-table.js';

/** The routes as they are now: each change of contracts makes a new table, which takes the old one's place at once. */
@Injectable()
export class OperationRoutes {
  private table = new RouteTable(OWN_ROUTES, [], () => undefined);
  /** By service; what did not change is not compiled again. */
  private compiled = new Map<
    string,
    { readonly digest: string; readonly operations: readonly Operation[] }
  >();

  constructor(
    private readonly registry: ServiceRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    registry.onChange(() => this.rebuild());
  }

  /** Counts the tables: what is derived from one is stale when this has grown. */
  generation = 0;

  get operations(): readonly Operation[] {
    return this.table.operations;
  }

  find(method: string, path: string): RouteMatch {
    return this.table.find(method, path);
  }

  private rebuild(): void {
    const operations = [...this.registry.servedContracts()].flatMap(([service, contract]) =>
      this.compile(service, contract),
    );
    this.table = new RouteTable(OWN_ROUTES, operations, ({ name, capability }, error) => {
      this.logger.error(
        { operation: name, http: capability.http, reason: String(error) },
        'Refused: the path is taken',
      );
    });
    this.generation += 1;
  }

  private compile(service: string, { digest, document }: ServedContract): readonly Operation[] {
    const known = this.compiled.get(service);
    if (known?.digest === digest) return known.operations;
    const operations = compileOperations(document, (operation, error) => {
      this.logger.error({ operation, reason: String(error) }, 'Refused: the schema cannot be compiled');
    });
    this.compiled.set(service, { digest, operations });
    return operations;
  }
}
