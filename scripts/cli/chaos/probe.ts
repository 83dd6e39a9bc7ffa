import { codeOf, type Finding } from '../certify/finding.ts';
import type { Exchange } from '../conversation.ts';
import type { World } from './world.ts';

/** Result of a probe. */
export interface Probed {
  readonly findings: readonly Finding[];
  /** Reason why nothing can be said; names a sentence. */
  readonly unclear?: string;
  /** Behaviour of the server: result codes, and how often each came. */
  readonly did: Readonly<Record<string, number>>;
}

export interface Probe {
  readonly id: string;
  /** Features of family and target without which it makes no sense. */
  readonly needs: readonly (
    | 'instances'
    | 'stamps'
    | 'status'
    | 'renewal'
    | 'query'
    | 'body'
    | 'two-keys'
    | 'lines'
    | 'kit'
    | 'apikey'
  )[];
  readonly run: (world: World) => Promise<Probed>;
}

export interface ProbeResult extends Probed {
  readonly id: string;
  readonly verdict: 'right' | 'wrong' | 'unclear' | 'skipped';
}

/** Counts how often each result code came. */
export function counted(exchanges: readonly Exchange[]): Record<string, number> {
  const did: Record<string, number> = {};
  for (const exchange of exchanges) {
    const code = codeOf(exchange);
    did[code] = (did[code] ?? 0) + 1;
  }
  return did;
}

export function probed(exchanges: readonly Exchange[], findings: readonly Finding[], unclear?: string): Probed {
  return { did: counted(exchanges), findings, ...(unclear !== undefined && findings.length === 0 && { unclear }) };
}

/** Tells whether a family and a target have what a probe needs. */
export function applies({ needs }: Probe, world: World): boolean {
  const { activities } = world.family;
  const has = {
    instances: world.hasInstances,
    stamps: world.hasStamps,
    status: world.hasInstances && (activities.updateInstanceStatus ?? activities.instanceStatus) !== undefined,
    renewal: world.hasInstances && activities.refreshInstance !== undefined,
    kit: world.family.path !== undefined,
    // Families that know lines of an order know withdrawn renewals too.
    lines: activities.newInstance?.mandatory.includes('orderLineId') ?? false,
    query: activities.queryInstance !== undefined,
    body: world.family.scheme !== 'token',
    apikey: activities.applyApikey !== undefined,
    'two-keys': (world.target.ring[world.family.keyClass]?.length ?? 0) > 1,
  };
  return needs.every((need) => has[need]);
}

/** Runs work on a number of things at once, at most `width` at a time, and keeps their order. */
export async function together<Item, Made>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) made[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return made;
}
