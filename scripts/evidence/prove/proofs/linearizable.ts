import { record } from '../http/history.ts';
import { isLinearizable } from '../http/linearizable.ts';
import { type Reached, startLocal } from '../http/local.ts';
import type { Line, Proof } from '../proof.ts';

/** Histories at a time. */
const PARALLEL = 4;

/** Concurrent calls over real HTTP, each history checked against the life-cycle model. */
export const linearizable: Proof = async ({ histories }, say) => {
  const local = await startLocal();
  try {
    const statement = 'concurrent calls over HTTP are answered as if each took place at one moment (life-cycle model)';
    return [await tryHistories(local, histories, statement, say)];
  } finally {
    await local.stop();
  }
};

/** Records histories, and looks whether each could have come about one call after the other. */
export async function tryHistories(
  local: Reached,
  histories: number,
  statement: string,
  say: (text: string) => void,
): Promise<Line> {
  const codes = new Map<string, number>();
  const wrong: string[] = [];
  let [done, calls, unsigned] = [0, 0, 0];
  const lane = async () => {
    while (done < histories) {
      done += 1;
      if (done % 50 === 0) say(`${done} of ${histories} histories`);
      const { history, unsigned: bad } = await record(local);
      calls += history.length;
      unsigned += bad;
      for (const { resultCode } of history) codes.set(resultCode, (codes.get(resultCode) ?? 0) + 1);
      if (!isLinearizable(history)) wrong.push(JSON.stringify(history));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  for (const history of wrong.slice(0, 2)) say(`not linearizable: ${history}`);
  const told = [...codes]
    .sort()
    .map(([code, count]) => `${code} × ${count}`)
    .join(', ');
  return {
    statement,
    ran: `${done} histories of 16 calls by 4 clients, ${calls} answers: ${told}`,
    verdict: wrong.length === 0 && unsigned === 0 ? 'holds' : 'BROKEN',
    note: wrong.length + unsigned === 0 ? '' : `${wrong.length} histories cannot be; ${unsigned} answers unsigned`,
  };
}
