import { DISASTERS, type Disaster } from '../disasters/disasters.ts';
import { playMonth } from '../disasters/month.ts';
import { faultsOf, play, playNothing } from '../disasters/play.ts';
import type { Proof } from '../proof.ts';

const MONTH_SEED = 7;

/** Days on which something is wrong, minute by minute: whoever must ring does, nobody else, and all closes. */
export const disasters: Proof = async (_, say) => {
  const all = Object.entries<Disaster>(DISASTERS);
  const wrong: string[] = [];
  for (const [name, disaster] of all) {
    for (const hears of ['inside', 'outside'] as const) {
      const faults = faultsOf(await play(disaster, hears), disaster[hears]);
      wrong.push(...faults.map((text) => `${name}, ${hears}: ${text}`));
    }
    say(name);
  }
  const rang = await playNothing(all.map(([, disaster]) => disaster));
  wrong.push(...[...rang].map((name) => `${name} rang without a cause`));
  for (const text of wrong) say(text);
  const month = await playMonth(MONTH_SEED);
  for (const text of month.wrong) say(text);
  return [
    {
      statement: 'whatever breaks, somebody hears in time: the rules, or what watches from outside; all closes',
      ran: `${all.length} disasters, each with one of the two systems heard, and a day without any`,
      verdict: wrong.length === 0 ? 'holds' : 'BROKEN',
      note: wrong.slice(0, 3).join('; '),
    },
    {
      statement:
        'over a month the figures of delisting are those of its events; each alarm rings in time, once a receiver, and closes',
      ran: `${month.purchases} purchases in 30 days, ${month.compared} figures compared, ${month.episodes} alarms`,
      verdict: month.wrong.length === 0 ? 'holds' : 'BROKEN',
      note: month.wrong.slice(0, 3).join('; '),
    },
  ];
};
