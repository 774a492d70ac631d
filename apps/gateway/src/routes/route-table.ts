import Router, { type HTTPMethod } from 'find-my-way';
import { nearestNames } from './nearest-names.js';
import type { Operation } from './operation.js';

/** A path that the gateway answers by itself. */
export interface OwnRoute {
  readonly method: HTTPMethod;
  /** With `{parameters}`, as in contracts. */
  readonly path: string;
}

export type RouteMatch =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly parameters: Record<string, string> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly string[] };

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const MAX_PARAMETER_LENGTH = 1_024;

/** From method and path to an operation. It never changes: a change of contracts makes a new one. */
export class RouteTable {
  private readonly router = Router({ maxParamLength: MAX_PARAMETER_LENGTH });
  private readonly names: string[] = [];
  private readonly served: Operation[] = [];

  /**
   * @param ownRoutes Paths that no contract can take.
   * @param onTaken Hears of an operation whose path was taken by one before it, and which is not served.
   */
  constructor(
    ownRoutes: readonly OwnRoute[],
    operations: readonly Operation[],
    onTaken: (operation: Operation, error: unknown) => void,
  ) {
    for (const { method, path } of ownRoutes) this.add(method, path, undefined);
    for (const operation of operations) {
      const { http } = operation.capability;
      if (http === null) continue;
      try {
        this.add(http.method, http.path, operation);
        this.served.push(operation);
      } catch (error) {
        onTaken(operation, error);
      }
    }
  }

  /** What can be called, in the order of registration. */
  get operations(): readonly Operation[] {
    return this.served;
  }

  /** @param path Without query string, still percent-encoded. */
  find(method: string, path: string): RouteMatch {
    const found = this.router.find(method as HTTPMethod, path);
    const operation = found?.store as Operation | undefined;
    if (found && operation !== undefined) {
      return { kind: 'operation', operation, parameters: found.params as Record<string, string> };
    }
    const allow = METHODS.filter((other) => this.router.find(other, path) !== null);
    if (allow.length > 0) return { kind: 'wrong-method', allow };
    return { kind: 'unknown', nearest: nearestNames(path, this.names) };
  }

  /** @throws Error when the path is taken, or is no path. */
  private add(method: HTTPMethod, path: string, operation: Operation | undefined): void {
    // find-my-way writes parameters as `:name`; a colon of the path's own is doubled.
    const pattern = path.replaceAll(':', '::').replaceAll(/\{(\w+)\}/g, ':$1');
    this.router.on(method, pattern, () => undefined, operation);
    this.names.push(path);
  }
}
