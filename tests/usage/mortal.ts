import type { Table } from '../../lib/table/table.ts';
import type { UsageDependencies } from '../../lib/usage/dependencies.ts';

/** Thrown by everything that a dead process asks for. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** A process that dies at its n-th request to table or marketplace: before the request leaves, or after it took effect. */
export function mortal(deps: UsageDependencies, at: number, moment: 'before' | 'after') {
  const process = { requests: 0, isDead: false };
  const mortally = async <T>(request: () => Promise<T>): Promise<T> => {
    if (process.isDead) throw new Dead('The process is dead.');
    process.requests += 1;
    if (process.requests !== at) {
      const answer = await request();
      if (process.isDead) throw new Dead('The process died while it waited.');
      return answer;
    }
    process.isDead = true;
    if (moment === 'after') await request();
    throw new Dead(`The process died at request ${at}.`);
  };
  const send: Table['client']['send'] = (...args: unknown[]) =>
    mortally(() => Reflect.apply(deps.table.client.send, deps.table.client, args) as Promise<never>);
  const doomed: UsageDependencies = {
    ...deps,
    table: { name: deps.table.name, client: { send } },
    pushUsage: (product, records, signal) => mortally(() => deps.pushUsage(product, records, signal)),
  };
  return { deps: doomed, process };
}
