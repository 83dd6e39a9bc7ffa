import { calls, type Figure } from '../figure.ts';
import { CONNECTIONS, loadAgent, purchaseRate } from '../load.ts';
import { PRODUCT, setUpStage } from '../server/stage.ts';
import { median, ratiosOf, spreadOf } from '../statistics.ts';

const TABLE = 'bench';

/** Purchases a second that the server host accepts on PostgreSQL, beside a bare server with one INSERT a call. */
export const server: Figure = async (effort, say) => {
  say('starting PostgreSQL and both servers');
  const stage = await setUpStage({ tables: [TABLE] });
  const agent = loadAgent();
  try {
    const both = [
      ['ours', (await stage.accepting(TABLE)).port],
      ['bare', (await stage.bare('calls')).port],
    ] as const;
    const each = calls(effort, 600, 60);
    const rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };
    for (let round = -2; round < effort.rounds; round += 1) {
      say(`requests on the server host, round ${round + 3} of ${effort.rounds + 2}`);
      for (const [name, port] of round % 2 === 0 ? both : both.toReversed()) {
        const rate = await purchaseRate(`http://127.0.0.1:${port}/produce/${PRODUCT}`, stage.key, each, agent);
        if (round >= 0) rates[name].push(rate);
      }
    }
    const ratio = spreadOf(ratiosOf(rates.ours, rates.bare));
    return [
      {
        figure: 'requests/s of the server host on PostgreSQL, accepted purchases ÷ a bare server with one INSERT',
        value: ratio.median,
        spread: [ratio.low, ratio.high],
        goal: { atLeast: 0.5 },
        ours: `${Math.round(median(rates.ours))}/s`,
        theirs: `${Math.round(median(rates.bare))}/s`,
        note: `${CONNECTIONS} connections; fulfilment is another process's; load, servers and database share the machine`,
      },
    ];
  } finally {
    agent.destroy();
    await stage.stop();
  }
};
