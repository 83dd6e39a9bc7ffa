import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type InstanceChange, TRANSITIONS } from '../../../../lib/instances/lifecycle.ts';
import type { Attributes } from '../../../../lib/table/expressions/paths.ts';
import type { Change } from '../../../../lib/table/memory.ts';
import type { Stage } from './actor.ts';

/** Something that must never happen has happened. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Failed attempts after which an order holds up nobody. */
const MOST_FAILURES = 3;

/** A change as it lies in the item. */
export interface Waiting {
  readonly id: string;
  readonly kind: InstanceChange;
  /** A status that is carried out once more. */
  readonly again: boolean;
  /** Attempts made before it stepped back; undefined if no status has overtaken it. */
  readonly overtaken: number | undefined;
}

/** Looks at every write to an instance, one image after the other, and keeps what it was told. */
export class Witness {
  /** Changes in the order in which they were accepted. */
  readonly accepted: Waiting[] = [];
  /** Changes that were recorded as done, in that order. */
  readonly recorded: Waiting[] = [];
  /** Changes that a release overtook, or that were set aside and replaced since. */
  readonly dropped = new Set<string>();
  /** Purchases that failed for good. */
  readonly failed = new Set<string>();
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  see({ before, after }: Change): void {
    if (after?.sk?.S !== 'INSTANCE') return;
    const [was, is] = [waiting(before), waiting(after)];
    const appeared = is.filter(({ id }) => !was.some((old) => old.id === id));
    const gone = was.filter(({ id }) => !is.some((left) => left.id === id));
    const [aside, leftAside] = [idsAside(before), idsAside(after)];
    for (const change of appeared) this.accept(change, aside);
    for (const id of aside) if (!leftAside.has(id) && !is.some((change) => change.id === id)) this.dropped.add(id);
    if (is.some(({ kind }) => kind === 'release') && gone.length > 0 && before?.wanted?.S !== 'RELEASED') {
      for (const { id } of gone) this.dropped.add(id);
    } else if (gone[0]?.kind === 'provision' && leftAside.has(gone[0].id)) {
      this.fail(gone, was, is, before, after);
    } else {
      for (const change of gone) this.record(change, was, before, after);
      const isAskedAgain = before?.state?.S === 'FAILED' && appeared.some(({ kind }) => kind === 'provision');
      if (gone.length === 0 && !isAskedAgain)
        holds(same(before?.state, after.state) || before === undefined, 'a state changed without a change');
    }
    if (gone.length === 0) this.order(was, is, before);
    this.lease(before, after);
    this.kept(before, after);
    this.heldUp(is, before, after);
    holds(is.length > 0 === (after.dueShard !== undefined && after.dueAt !== undefined), 'the sweep misses an item');
  }

  /** Keeps watch that what was recorded of the buyer stays as it is until the release is done, and is gone with that write. */
  private kept(before: Attributes | undefined, after: Attributes): void {
    if (after.state?.S === 'RELEASED') {
      const left = ['access', 'order', 'licence'].filter((name) => after[name] !== undefined);
      holds(left.length === 0, `a released instance keeps its ${left.join(', ')}`);
      return;
    }
    holds(before?.access === undefined || same(before.access, after.access), 'a recorded answer was overwritten');
  }

  /** An order that has failed three times lets status changes pass: no customer pays, or stays shut out, for its sake. */
  private heldUp(is: readonly Waiting[], before: Attributes | undefined, after: Attributes): void {
    const hasFailed =
      before?.leaseOwner !== undefined && after.leaseOwner === undefined && after.lastError !== undefined;
    const isOrder = is[0]?.kind === 'renew' || is[0]?.kind === 'upgrade';
    if (!hasFailed || !isOrder || Number(after.attempts?.N) < MOST_FAILURES) return;
    const waits = is.some(({ kind }) => kind === 'freeze' || kind === 'unfreeze');
    holds(!waits, 'a status waits behind an order that fails');
  }

  /** A list changes its order by one thing alone: its head, a renewal or upgrade that has failed, lets statuses pass. */
  private order(was: readonly Waiting[], is: readonly Waiting[], before: Attributes | undefined): void {
    if (was.every(({ id }, index) => id === is[index]?.id)) return;
    const [head] = was;
    const isStatus = ({ kind }: Waiting) => kind === 'freeze' || kind === 'unfreeze';
    const stepped = [...was.filter(isStatus), ...was.filter((change) => !isStatus(change))];
    holds(
      stepped.every(({ id }, index) => id === is[index]?.id),
      'changes overtook each other',
    );
    holds(head?.kind === 'renew' || head?.kind === 'upgrade', `a status overtook ${head?.kind}`);
    const made = is.find(({ id }) => id === head?.id)?.overtaken ?? 0;
    holds(made > 0, 'a status overtook what had not failed');
    holds(
      this.stage.writer?.tokens.has(before?.leaseOwner?.S ?? '') === true,
      'somebody changed the order without a hold',
    );
  }

  /** Gives what was set aside and is queued again its turn behind all that was accepted meanwhile. */
  private accept(change: Waiting, aside: ReadonlySet<string>): void {
    const known = this.accepted.findIndex(({ id }) => id === change.id);
    holds(known < 0 || aside.has(change.id), 'a change was accepted twice');
    if (known >= 0) this.accepted.splice(known, 1);
    this.accepted.push(change);
  }

  /** A purchase that fails for good takes all behind it along, and is cleaned up if it may have made anything. */
  private fail(
    gone: readonly Waiting[],
    was: readonly Waiting[],
    is: readonly Waiting[],
    before: Attributes | undefined,
    after: Attributes,
  ): void {
    const { writer, effects } = this.stage;
    const [purchase] = gone;
    const id = purchase?.id ?? '';
    holds(was[0]?.id === id && gone.length === was.length, 'a failed purchase left something behind it');
    holds(writer?.tokens.has(before?.leaseOwner?.S ?? '') === true, 'somebody gave up a purchase without a hold');
    holds(after.state?.S === 'FAILED' && after.wanted?.S !== 'RELEASED', 'a failed purchase is not FAILED');
    const isCleanedUp = is[0]?.kind === 'cleanUp' && is.length === 1;
    holds(isCleanedUp || (is.length === 0 && !effects.has(id)), 'a failed purchase is not cleaned up');
    this.failed.add(id);
  }

  private record(change: Waiting, was: readonly Waiting[], before?: Attributes, after?: Attributes): void {
    const { writer, effects } = this.stage;
    const { to } = TRANSITIONS[change.kind];
    holds(was[0]?.id === change.id, 'a change was recorded before its turn');
    holds(writer?.tokens.has(before?.leaseOwner?.S ?? '') === true, 'somebody recorded without a hold');
    const isMoot = to !== undefined && before?.state?.S === to && !change.again;
    holds(isMoot || effects.has(change.id), 'a change was recorded that nobody carried out');
    holds((after?.state?.S ?? '') === (to ?? before?.state?.S), 'a change led to a state that is not its own');
    this.recorded.push(change);
  }

  /** A hold ends by its holder or by time. */
  private lease(before: Attributes | undefined, after: Attributes): void {
    const holder = before?.leaseOwner?.S;
    if (holder === undefined || holder === after.leaseOwner?.S) return;
    const hasEnded = Number(before?.leaseUntil?.N) < this.stage.time.now;
    holds(hasEnded || this.stage.writer?.tokens.has(holder) === true, 'a hold was ended by somebody else');
  }
}

/** @throws Violation */
export function holds(statement: boolean, otherwise: string): void {
  if (!statement) throw new Violation(otherwise);
}

function waiting(item: Attributes | undefined): readonly Waiting[] {
  return (item?.pending?.L ?? []).map(({ M }) => ({
    id: M?.id?.S ?? '',
    kind: (M?.kind?.S ?? '') as InstanceChange,
    again: M?.again?.BOOL === true,
    overtaken: M?.overtaken === undefined ? undefined : Number(M.overtaken.M?.attempts?.N),
  }));
}

function idsAside(item: Attributes | undefined): ReadonlySet<string> {
  return new Set(Object.keys(item?.failed?.M ?? {}));
}

function same(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a?.S === b?.S;
}
