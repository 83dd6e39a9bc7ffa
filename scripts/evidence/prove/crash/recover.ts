import { appendFileSync, readFileSync } from 'node:fs';
import { sweep } from '../../../../lib/fulfilment/fulfil-all.ts';
import type { InstanceItem } from '../../../../lib/instances/item.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import { readItem } from '../../../../lib/instances/write.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { CALLS, callsOf, fulfilment, INSTANCE, type Life } from './scenario.ts';

/** Result of one life: where it was broken off (undefined: it was not), and what was wrong afterwards. */
export interface Crashed {
  readonly died: string | undefined;
  readonly wrong: string | undefined;
}

/** Carries on as the marketplace and the sweep would, then says what came of the life. */
export async function recover(table: Table, diary: string, life: Life): Promise<Crashed> {
  let now = 1_700_000_060_000;
  const known = readFileSync(diary, 'utf8');
  for (const name of callsOf(life)) {
    // An answered call is not made again; one without an answer may have taken effect.
    if (!known.includes(`answered ${name} `)) await CALLS[name]?.(table, now);
  }
  const deps = fulfilment(
    table,
    () => now,
    (key, hook) => appendFileSync(diary, `effect ${key} ${hook}\n`),
  );
  for (let idle = 0; idle < 2; ) {
    idle = (await sweep(deps, () => 1_000_000)).attempts === 0 ? idle + 1 : 0;
    now += 5_400_000;
  }
  const item = await readItem<InstanceItem>(table, keys.instance('demo', INSTANCE));
  return { died: /^died (.*)$/m.exec(known)?.[1], wrong: fault(readFileSync(diary, 'utf8'), item, life) };
}

function fault(diary: string, item: InstanceItem | undefined, life: Life): string | undefined {
  const effects = [...diary.matchAll(/^effect (\S+) (\w+)$/gm)].map(([, key, hook]) => ({ key, hook }));
  const first = effects.filter(({ key }, index) => effects.findIndex((other) => other.key === key) === index);
  const hooks = first.map(({ hook }) => hook).join(' ');
  if (item === undefined) return 'there is no instance';
  if (item.pending.length > 0 || item.leaseOwner !== undefined) return 'something is left to do';
  if (Object.keys(item.failed).length > 0) return 'a change was given up';
  if (life === 'living') {
    if (item.state !== 'ACTIVE') return `the instance is ${item.state}`;
    return hooks === callsOf(life).join(' ') ? undefined : `carried out: ${hooks}`;
  }
  if (item.state !== 'RELEASED') return `the instance is ${item.state}`;
  // The release overtakes what has not begun, so only the rest is certain: its place is the last.
  const inOrder = callsOf(life)
    .filter((name) => first.some(({ hook }) => hook === name))
    .join(' ');
  if (hooks !== inOrder || !hooks.endsWith('release')) return `carried out: ${hooks}`;
  return undefined;
}
