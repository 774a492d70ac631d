/** Who calls, as the control plane knows the key. */
export interface Caller {
  readonly keyId: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch; Infinity for a key that never expires. */
  readonly expiresAtMs: number;
}
