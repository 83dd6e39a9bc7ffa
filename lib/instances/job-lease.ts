import { ITEM_TYPE } from '../table/item-type.ts';
import type { Table } from '../table/table.ts';
import type { Key } from './keys.ts';
import { updateIf } from './write.ts';

/*
 * One item a timed job, so that of any number of servers one runs it. The item has a time before which nobody begins:
 * while the job runs that is the end of its limit, afterwards the moment at which it is due again. A server that dies
 * leaves the limit behind, and another goes on then. Leases spare work, they guard nothing: every job stands being run
 * twice at a time.
 */

interface LeaseItem extends Key {
  readonly owner: string;
  /** Nobody begins before it, Unix milliseconds. */
  readonly until: number;
}

/** A lease that was asked for: it is held, or somebody else has it until then. */
export type AskedLease = { readonly held: true } | { readonly held: false; readonly until: number };

function keyOf(job: string): Key {
  return { pk: `LEASE#${job}`, sk: 'LEASE' };
}

/** Takes the lease of a job, in one conditional write. @param until end of the time that the job may take */
export async function takeLease(
  table: Table,
  job: string,
  { owner, now, until }: { readonly owner: string; readonly now: number; readonly until: number },
): Promise<AskedLease> {
  const { done, item } = await updateIf<LeaseItem>(
    table,
    keyOf(job),
    'SET #owner = :owner, #until = :until, #type = :type',
    {
      condition: 'attribute_not_exists(#pk) OR #until <= :now',
      values: { owner, until, now, type: ITEM_TYPE.jobLease },
    },
  );
  return done ? { held: true } : { held: false, until: item?.until ?? now };
}

/** Gives a lease back: the job is due again at `next`. Changes nothing where another has it by now. */
export async function giveBackLease(
  table: Table,
  job: string,
  { owner, next }: { readonly owner: string; readonly next: number },
): Promise<void> {
  await updateIf<LeaseItem>(table, keyOf(job), 'SET #until = :next', {
    condition: '#owner = :owner',
    values: { owner, next },
  });
}
