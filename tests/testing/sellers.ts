import type {
  Change,
  ChangeQuestion,
  HookContext,
  Purchase,
  Renewal,
  Seller,
  Upgrade,
} from '../../lib/seller/contract.ts';

interface Tenant {
  seats: number;
  expiresAt: number;
  open: boolean;
}

/** A seller with a database of its own, which stands everything; the tests break it in one way each. */
export class SteadySeller implements Seller {
  readonly rows: { readonly id: string; readonly tenant: Tenant }[] = [];
  readonly released = new Set<string>();
  protected readonly done = new Set<string>();

  /** Lists what the customer has. */
  observe = (instanceId: string): unknown =>
    this.rows.filter(({ id }) => id === instanceId).map(({ tenant }) => tenant);

  async provision({ instance, order }: Purchase, context: HookContext): Promise<{ access: { frontEndUrl: string } }> {
    const { instanceId } = instance;
    if (this.find(instanceId) === undefined && !this.released.has(instanceId)) {
      await context.notes.put(`mark of ${instanceId}`, 1);
      if (this.find(instanceId) === undefined && !this.released.has(instanceId)) this.create(instanceId, order);
    }
    return { access: { frontEndUrl: `https://${instanceId}.example.com` } };
  }

  async renew({ instance, expiresAt }: Renewal, { idempotencyKey }: HookContext): Promise<void> {
    this.once(idempotencyKey, instance.instanceId, (tenant) => {
      tenant.expiresAt = expiresAt.getTime();
    });
  }

  async upgrade({ instance, upgradeOrder }: Upgrade, { idempotencyKey }: HookContext): Promise<void> {
    this.once(idempotencyKey, instance.instanceId, (tenant) => {
      tenant.seats = upgradeOrder.line.products[0]?.linearValue ?? 1;
    });
  }

  async freeze({ instance }: Change, { idempotencyKey }: HookContext): Promise<void> {
    this.once(idempotencyKey, instance.instanceId, (tenant) => {
      tenant.open = false;
    });
  }

  async unfreeze({ instance }: Change, { idempotencyKey }: HookContext): Promise<void> {
    this.once(idempotencyKey, instance.instanceId, (tenant) => {
      tenant.open = true;
    });
  }

  async release({ instance, wanted }: Change, _context: HookContext): Promise<void> {
    this.remove(instance.instanceId, wanted);
  }

  async canChange(_change: ChangeQuestion, _context: HookContext): Promise<{ allowed: boolean }> {
    return { allowed: true };
  }

  find(instanceId: string): Tenant | undefined {
    return this.rows.find(({ id }) => id === instanceId)?.tenant;
  }

  create(id: string, { line }: Purchase['order']): void {
    const seats = line.products[0]?.linearValue ?? 1;
    this.rows.push({ id, tenant: { seats, expiresAt: line.expiresAt?.getTime() ?? 0, open: true } });
  }

  /** Removes what there is; after a release for good nothing is made again. */
  remove(instanceId: string, wanted: Change['wanted']): void {
    if (wanted === 'RELEASED') this.released.add(instanceId);
    for (let at = this.rows.length - 1; at >= 0; at -= 1) if (this.rows[at]?.id === instanceId) this.rows.splice(at, 1);
  }

  protected once(key: string, instanceId: string, effect: (tenant: Tenant) => void): void {
    const tenant = this.find(instanceId);
    if (tenant === undefined || this.done.has(key)) return;
    this.done.add(key);
    effect(tenant);
  }
}

/** Sellers with one fault each, and the one finding that each must give: hook and disturbance. */
export const BROKEN: Readonly<Record<string, readonly [hook: string, disturbance: RegExp, make: () => SteadySeller]>> =
  {
    'makes a second tenant when it is called again': [
      'provision',
      /called twice/,
      () =>
        new (class extends SteadySeller {
          override async provision({ instance, order }: Purchase) {
            this.create(instance.instanceId, order);
            return { access: { frontEndUrl: `https://${instance.instanceId}.example.com` } };
          }
        })(),
    ],
    'gives another address when it is called again': [
      'provision',
      /called twice.*second answer differs/s,
      () =>
        new (class extends SteadySeller {
          private calls = 0;
          override async provision(change: Purchase, context: HookContext) {
            this.calls += 1;
            await super.provision(change, context);
            return { access: { frontEndUrl: `https://${this.calls}.example.com` } };
          }
        })(),
    ],
    'adds a year whenever it is called': [
      'renew',
      /called twice/,
      () =>
        new (class extends SteadySeller {
          override async renew({ instance }: Renewal) {
            const tenant = this.find(instance.instanceId);
            if (tenant !== undefined) tenant.expiresAt += 365 * 86_400_000;
          }
        })(),
    ],
    'changes something when it is asked whether a change is possible': [
      'canChange',
      /called twice/,
      () =>
        new (class extends SteadySeller {
          override async canChange({ instance, target }: ChangeQuestion) {
            const tenant = this.find(instance.instanceId);
            if (tenant !== undefined) tenant.seats = target.linearValue ?? 1;
            return { allowed: true };
          }
        })(),
    ],
    'throws when it is to release again': [
      'release',
      /called twice.*threw/s,
      () =>
        new (class extends SteadySeller {
          override async release(change: Change, context: HookContext) {
            if (this.released.has(change.instance.instanceId)) throw new Error('gone');
            return super.release(change, context);
          }
        })(),
    ],
    'remembers the newest key alone, whosoever it is': [
      'upgrade',
      /answer of upgrade was lost/,
      () =>
        new (class extends SteadySeller {
          private newest = '';
          override async upgrade({ instance }: Upgrade, { idempotencyKey }: HookContext) {
            const tenant = this.find(instance.instanceId);
            if (tenant !== undefined && this.newest !== idempotencyKey) tenant.seats += 10;
            this.newest = idempotencyKey;
          }
        })(),
    ],
    'does not look again after it has waited': [
      'provision',
      /aborted attempt of provision ended after its successor/,
      () =>
        new (class extends SteadySeller {
          override async provision({ instance, order }: Purchase, { notes }: HookContext) {
            const { instanceId } = instance;
            const isThere = this.find(instanceId) !== undefined;
            await notes.put(`mark of ${instanceId}`, 1);
            if (!isThere) this.create(instanceId, order);
            return { access: { frontEndUrl: `https://${instanceId}.example.com` } };
          }
        })(),
    ],
    'throws when it is to release what it never heard of': [
      'release',
      /never provisioned.*threw/s,
      () =>
        new (class extends SteadySeller {
          override async release(change: Change, context: HookContext) {
            const { instanceId } = change.instance;
            const isKnown = this.find(instanceId) !== undefined || this.released.has(instanceId);
            if (!isKnown) throw new Error('unknown instance');
            return super.release(change, context);
          }
        })(),
    ],
    'leaves behind what an unfinished purchase has made': [
      'release',
      /after an aborted attempt to provision/,
      () =>
        new (class extends SteadySeller {
          private readonly databases = new Set<string>();
          override observe = (id: string) => [this.rows.filter((one) => one.id === id), this.databases.has(id)];
          override async provision(change: Purchase, context: HookContext) {
            this.databases.add(change.instance.instanceId);
            await context.notes.put('something', 1);
            context.signal.throwIfAborted();
            return super.provision(change, context);
          }
          override async release({ instance, wanted }: Change) {
            if (this.find(instance.instanceId) === undefined) return;
            this.remove(instance.instanceId, wanted);
            this.databases.delete(instance.instanceId);
          }
        })(),
    ],
    'throws when it is to release again under another key': [
      'release',
      /under another idempotencyKey/,
      () =>
        new (class extends SteadySeller {
          private readonly keys = new Map<string, string>();
          override async release({ instance, wanted }: Change, { idempotencyKey }: HookContext) {
            const key = this.keys.get(instance.instanceId) ?? idempotencyKey;
            if (key !== idempotencyKey) throw new Error('released before');
            if (wanted === 'RELEASED') this.keys.set(instance.instanceId, key);
            this.remove(instance.instanceId, wanted);
          }
        })(),
    ],
    'makes nothing any more once anything was released': [
      'provision',
      /failed, was cleaned up/,
      () =>
        new (class extends SteadySeller {
          override async release({ instance }: Change) {
            this.remove(instance.instanceId, 'RELEASED');
          }
        })(),
    ],
    'opens the door again when an old attempt is repeated': [
      'unfreeze',
      /older attempt of unfreeze/,
      () =>
        new (class extends SteadySeller {
          override async unfreeze({ instance }: Change) {
            const tenant = this.find(instance.instanceId);
            if (tenant !== undefined) tenant.open = true;
          }
        })(),
    ],
    'adds a year for each renewal that it does not know': [
      'renew',
      /same expiresAt/,
      () =>
        new (class extends SteadySeller {
          override async renew({ instance }: Renewal, { idempotencyKey }: HookContext) {
            this.once(idempotencyKey, instance.instanceId, (tenant) => {
              tenant.expiresAt += 365 * 86_400_000;
            });
          }
        })(),
    ],
    'opens the door at a renewal': [
      'renew',
      /frozen instance/,
      () =>
        new (class extends SteadySeller {
          override async renew({ instance, expiresAt }: Renewal, { idempotencyKey }: HookContext) {
            this.once(idempotencyKey, instance.instanceId, (tenant) => {
              tenant.expiresAt = expiresAt.getTime();
              tenant.open = true;
            });
          }
        })(),
    ],
    'brings back what was released when it is to freeze': [
      'freeze',
      /too late/,
      () =>
        new (class extends SteadySeller {
          override async freeze(change: Change, context: HookContext) {
            const { instanceId } = change.instance;
            if (this.find(instanceId) === undefined && change.order !== undefined)
              this.create(instanceId, change.order);
            return super.freeze(change, context);
          }
        })(),
    ],
  };
