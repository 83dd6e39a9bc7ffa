import type { HookContext, Seller } from '../../lib/seller/contract.ts';

/** One call of a seller's hook, as a test sees it. */
export interface HookCall {
  /** Name of the hook; those of a group with it: `licenses.renewed`, `tenants.userChanged`. */
  readonly hook: string;
  readonly product: string;
  /** Absent where the hook is about no instance. */
  readonly instanceId?: string;
  /** `context.idempotencyKey`: the same for every attempt of one change. */
  readonly key: string;
  readonly attempt: number;
  readonly at: Date;
  /** The hook's first argument. */
  readonly change: unknown;
  /** `lost`: the hook ended, and its answer was thrown away; see {@link TestShop.loseAnswer}. */
  readonly outcome: 'running' | 'done' | 'refused' | 'failed' | 'threw' | 'lost';
  /** The hook's answer; undefined if it gave none. */
  readonly answer?: unknown;
  readonly error?: unknown;
}

/** The calls of hooks in order, and the answers that are to be lost. */
export class HookCalls {
  readonly all: HookCall[] = [];
  private readonly toLose: string[] = [];

  /** Loses the answer of the next call of a hook that ends. */
  lose(hook: string): void {
    this.toLose.push(hook);
  }

  /** The seller, with every call of a hook written down. */
  recording(product: string, seller: Seller): Seller {
    return this.proxy(product, seller, '');
  }

  private proxy<Group extends object>(product: string, group: Group, prefix: string): Group {
    return new Proxy(group, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        const path = `${prefix}${String(name)}`;
        if (typeof value === 'function') {
          return (change: unknown, context: HookContext) =>
            this.call({ product, hook: path, change, context }, () => Reflect.apply(value, target, [change, context]));
        }
        return typeof value === 'object' && value !== null ? this.proxy(product, value, `${path}.`) : value;
      },
    });
  }

  private async call(
    { product, hook, change, context }: { product: string; hook: string; change: unknown; context: HookContext },
    run: () => unknown,
  ): Promise<unknown> {
    const at = this.all.length;
    const instanceId = instanceOf(change);
    const call: HookCall = {
      hook,
      product,
      ...(instanceId === undefined ? {} : { instanceId }),
      key: context.idempotencyKey,
      attempt: context.attempt,
      at: context.now,
      change,
      outcome: 'running',
    };
    this.all.push(call);
    const lost = this.toLose.indexOf(hook);
    if (lost >= 0) this.toLose.splice(lost, 1);
    try {
      const answer = await run();
      this.all[at] = { ...call, outcome: lost >= 0 ? 'lost' : outcomeOf(answer), answer };
      if (lost < 0) return answer;
    } catch (error) {
      this.all[at] = { ...call, outcome: 'threw', error };
      throw error;
    }
    throw new Error(`The answer of ${hook} was lost, as the test has asked for.`);
  }
}

function outcomeOf(answer: unknown): HookCall['outcome'] {
  if (typeof answer !== 'object' || answer === null) return 'done';
  if ('refused' in answer) return 'refused';
  return 'failed' in answer ? 'failed' : 'done';
}

function instanceOf(change: unknown): string | undefined {
  const { instance } = Object(change) as { readonly instance?: { readonly instanceId?: unknown } };
  return typeof instance?.instanceId === 'string' ? instance.instanceId : undefined;
}
