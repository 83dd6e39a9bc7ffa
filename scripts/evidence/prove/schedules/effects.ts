/** Effect of one idempotency key in the seller's system. */
export interface Effect {
  readonly key: string;
  readonly hook: string;
  /** The hold under which it was asked for had ended by then. */
  readonly late: boolean;
}

/** Effect of each hook on the customer's door. A renewal that opens it is a fault of the seller's that must not matter. */
const DOOR: Readonly<Record<string, 'open' | 'shut'>> = {
  provision: 'open',
  renew: 'open',
  freeze: 'shut',
  unfreeze: 'open',
};

/**
 * A seller's system as the contract asks for it: an effect happens once per idempotency key, however often it is asked for.
 * In one thing it is not as the contract asks: its renewals reactivate the instance.
 */
export class Effects {
  /** Keys of the purchases whose tenants are there. */
  readonly tenants = new Set<string>();
  /** Tells whether the customer can get in. */
  door: 'open' | 'shut' = 'shut';
  /** In the order in which they happened first. */
  readonly done: Effect[] = [];
  /** Number of calls of hooks, with an effect or without. */
  calls = 0;
  private readonly keys = new Set<string>();

  has(key: string): boolean {
    return this.keys.has(key);
  }

  carryOut(effect: Effect): void {
    this.calls += 1;
    if (this.keys.has(effect.key)) return;
    this.keys.add(effect.key);
    this.done.push(effect);
    this.door = DOOR[effect.hook] ?? this.door;
    if (effect.hook === 'provision') this.tenants.add(effect.key);
    if (effect.hook === 'release') this.tenants.clear();
  }
}
