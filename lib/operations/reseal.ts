/**
 * Seals everything anew that is not sealed as it would be today: under an older key, or for no item.
 *
 * A round goes over the whole table, a page at a time, and keeps after each page how far it has come. Each value is
 * replaced by one conditional write, on the condition that it is still the one that was read; functions go on meanwhile,
 * and what they seal is sealed right. When a round has found nothing left to do, the installation gets its mark: from then
 * on values that name no item are refused, and older keys that the mark does not name can be retired.
 */
import type { Key } from '../instances/keys.ts';
import { setSealingMark } from '../instances/sealing-mark.ts';
import { readItem, updateIf } from '../instances/write.ts';
import type { Sealer } from '../sealing/sealer.ts';
import { SEALED_KINDS, type SealedKind, type Secrets, SecretsUnavailable } from '../secrets/secrets.ts';
import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import { readItemPage, type StoredItem } from './scan.ts';
import { type SealedValue, sealedValues } from './sealed-values.ts';

/** Parts that sealing anew works on. */
export interface ResealDependencies {
  readonly table: Table;
  readonly secrets: Pick<Secrets, 'sealing'>;
  /** One that opens values of older versions, too. */
  readonly sealer: Sealer;
  /** Unix milliseconds. */
  clock(): number;
  /** Told after each page how far the round has come. */
  progress?(round: ResealRound): void;
}

/** Progress of a round. */
export interface ResealRound {
  /** Id of the key that seals, by kind; a round begins anew when one has changed. */
  readonly kids: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly next?: Key;
  /** Items that were looked at, and sealed values found in them. */
  readonly items: number;
  readonly values: number;
  /** Values that were sealed anew. */
  readonly resealed: number;
  /** Values within changes that wait for the seller's code: they leave by themselves. */
  readonly waiting: number;
  /** Values that another write has changed meanwhile. */
  readonly changed: number;
  /** Items that hold a value which no key opens, or which was sealed for another item; at most 100 are named. */
  readonly unopened: readonly Key[];
  readonly finishedAt?: number;
}

/** Result of sealing anew: `isMarked` if nothing is left to do. */
export interface Resealed {
  readonly isMarked: boolean;
  /** The first round, which may have begun in an earlier run, and the last, which looked whether anything was left. */
  readonly round: ResealRound;
  readonly check?: ResealRound;
}

const ROUND: Key = { pk: 'SEALING', sk: 'ROUND' };
/** Items that are named of those that cannot be sealed anew. */
const MOST_NAMED = 100;

/** Seals everything anew, going on with a round that was broken off. @throws whatever table and secrets throw */
export async function reseal(deps: ResealDependencies): Promise<Resealed> {
  const kids = await newestKids(deps.secrets);
  const before = (await readItem<{ readonly round: ResealRound }>(deps.table, ROUND))?.round;
  const goesOn = before !== undefined && before.finishedAt === undefined && isSame(before.kids, kids);
  const round = await takeRound(deps, goesOn ? before : fresh(kids, deps.clock()));
  if (round.unopened.length > 0) return { isMarked: false, round };
  const check = isClean(round) && !goesOn ? round : await takeRound(deps, fresh(kids, deps.clock()));
  if (isClean(check)) await setSealingMark(deps.table, { at: deps.clock(), kids });
  return { isMarked: isClean(check), round, check };
}

function isClean({ resealed, waiting, changed, unopened }: ResealRound): boolean {
  return resealed + waiting + changed + unopened.length === 0;
}

function fresh(kids: ResealRound['kids'], startedAt: number): ResealRound {
  return { kids, startedAt, items: 0, values: 0, resealed: 0, waiting: 0, changed: 0, unopened: [] };
}

function isSame(a: ResealRound['kids'], b: ResealRound['kids']): boolean {
  return SEALED_KINDS.every((kind) => a[kind] === b[kind]);
}

/** The key of each kind that seals; a kind that the installation does not have is left out. */
async function newestKids(secrets: ResealDependencies['secrets']): Promise<Readonly<Record<string, string>>> {
  const kids: Record<string, string> = {};
  for (const kind of SEALED_KINDS) {
    try {
      const [newest] = await secrets.sealing(kind, 'public');
      if (newest !== undefined) kids[kind] = newest.kid;
    } catch (error) {
      if (!(error instanceof SecretsUnavailable) || error.reason !== 'gone') throw error;
    }
  }
  return kids;
}

async function takeRound(deps: ResealDependencies, from: ResealRound): Promise<ResealRound> {
  let round = from;
  while (round.finishedAt === undefined) {
    const { items, next } = await readItemPage(deps.table, round.next);
    for (const item of items) round = await takeItem(deps, round, item);
    const { next: _, ...rest } = { ...round, items: round.items + items.length };
    round = next === undefined ? { ...rest, finishedAt: deps.clock() } : { ...rest, next };
    await updateIf(deps.table, ROUND, 'SET #round = :round, #type = :type', {
      condition: 'attribute_not_exists(#pk) OR #round.#startedAt <= :startedAt',
      values: { round, type: ITEM_TYPE.sealing, startedAt: round.startedAt },
    });
    deps.progress?.(round);
  }
  return round;
}

async function takeItem(deps: ResealDependencies, round: ResealRound, item: StoredItem): Promise<ResealRound> {
  const isDue = ({ kind, kid, isBound }: SealedValue) => !isBound || kid !== round.kids[kind];
  const { values, waiting } = sealedValues(item);
  const tally = { resealed: 0, changed: 0, unopened: false };
  for (const value of values.filter(isDue)) {
    const outcome = await replace(deps, item, value);
    if (outcome === 'unopened') tally.unopened = true;
    else tally[outcome] += 1;
  }
  const { unopened } = round;
  const isNamed = tally.unopened && unopened.length < MOST_NAMED;
  return {
    ...round,
    values: round.values + values.length + waiting.length,
    resealed: round.resealed + tally.resealed,
    changed: round.changed + tally.changed,
    waiting: round.waiting + waiting.filter(isDue).length,
    unopened: isNamed ? [...unopened, { pk: item.pk, sk: item.sk }] : unopened,
  };
}

async function replace(
  { table, sealer }: ResealDependencies,
  { pk, sk }: StoredItem,
  { path, text, kind }: SealedValue,
): Promise<'resealed' | 'changed' | 'unopened'> {
  const to = await sealedAnew(sealer, kind, text, { pk, sk });
  if (to === undefined) return 'unopened';
  const names = Object.fromEntries(
    path.flatMap((step, index) => (typeof step === 'string' ? [[`s${index}`, step]] : [])),
  );
  const place = path.map((step, index) =>
    typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}#s${index}`,
  );
  const at = place.join('');
  const { done } = await updateIf(table, { pk, sk }, `SET ${at} = :to`, {
    condition: `${at} = :from`,
    values: { to, from: text },
    names,
  });
  return done ? 'resealed' : 'changed';
}

async function sealedAnew(sealer: Sealer, kind: SealedKind, text: string, at: Key): Promise<string | undefined> {
  let value: unknown;
  try {
    value = await sealer.open(kind, text, at);
  } catch (error) {
    if (error instanceof SecretsUnavailable) throw error;
    return undefined;
  }
  return sealer.seal(kind, value, at);
}
