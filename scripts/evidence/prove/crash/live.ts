import { fulfilItem } from '../../../../lib/fulfilment/fulfil-item.ts';
import { keys } from '../../../../lib/instances/keys.ts';
import type { Table } from '../../../../lib/table/table.ts';
import { CALLS, callsOf, fulfilment, INSTANCE, type Life } from './scenario.ts';

/** Unix milliseconds at which the calls of a life are made. */
const NOW = 1_700_000_000_000;

/** Parts that a life is lived with. */
export interface LiveParts {
  readonly table: Table;
  /** Writes a line of the diary, which outlives the process. */
  readonly write: (line: string) => void;
  /** Awaited wherever the process waits for anything. */
  readonly moment: (what: string) => Promise<void>;
  /** Takes the error of a step that failed, if the life goes on then; it ends otherwise. */
  readonly onFailure?: (step: string, error: unknown) => void;
}

/** Accepts the calls of a life and carries them out, as one process does that nothing keeps from it. */
export async function live(life: Life, { table, write, moment, onFailure }: LiveParts): Promise<void> {
  const deps = fulfilment(
    table,
    () => NOW,
    (key, hook) => write(`effect ${key} ${hook}`),
    moment,
  );
  const succeeds = async (step: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure(step, error);
      return false;
    }
  };
  const fulfil = () => fulfilItem(deps, keys.instance('demo', INSTANCE), () => 1_000_000);
  for (const name of callsOf(life)) {
    // A life that ends in a release has begun by then; the others wait all together.
    if (name === 'upgrade' && life === 'released') await succeeds('fulfil', fulfil);
    const isAnswered = await succeeds(name, async () => {
      const { resultCode } = (await CALLS[name]?.(table, NOW)) ?? {};
      write(`answered ${name} ${resultCode}`);
      await moment(`after the answer to ${name}`);
    });
    if (!isAnswered) break; // it is made again, with those that follow it
  }
  await succeeds('fulfil', fulfil);
}
