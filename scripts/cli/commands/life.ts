import { randomInt } from 'node:crypto';
import { CHARGING } from '../../marketplace/calls/subject.ts';
import { type OrderClient, reachOrders } from '../../marketplace/stand-in/order-client.ts';
import { seededRandom } from '../certify/shuffle.ts';
import { lifeClock } from '../life/clock.ts';
import type { Happening } from '../life/options.ts';
import { playLife } from '../life/play.ts';
import { longestRun, sanctionsOf, worstMonth } from '../life/sanctions.ts';
import { LIFE_FAMILIES } from '../life/script.ts';
import { COMMON, readArguments, readChoice, readNumber, TARGET } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { readTarget, type Target } from '../terminal/target.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isLocal, observerOf } from './chaos.ts';
import { readLifeOrders } from './order.ts';

const OPTIONS = {
  ...COMMON,
  ...TARGET,
  family: { type: 'string' },
  charging: { type: 'string' },
  purchases: { type: 'string' },
  speed: { type: 'string' },
  retries: { type: 'string' },
  loss: { type: 'string' },
  seed: { type: 'string' },
  limit: { type: 'string' },
  order: { type: 'string' },
  'open-api': { type: 'string' },
  state: { type: 'string' },
  'state-table': { type: 'string' },
  endpoint: { type: 'string' },
  database: { type: 'string' },
  patience: { type: 'string' },
  'no-dial-tests': { type: 'boolean' },
  real: { type: 'boolean' },
} as const;

/** A day passes in a second unless told. */
const DEFAULT_SPEED = 86_400;

/** Plays whole lives of purchases. Ends with 1 if an order failed, a dial test failed, or a call stayed undone. */
export async function life(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  const { say, paint } = terminal;
  if (values.help) {
    terminal.out(say('help.life'));
    return EXIT.good;
  }
  const target = { ...readTarget(values, terminal.env), limit: readNumber('--limit', values.limit, 5_000, 1) };
  if (!isLocal(target.at) && values.real !== true) throw new Problem('problem.life-real', { at: target.at });
  const family = readChoice('--family', values.family, LIFE_FAMILIES) ?? 'saas-v2';
  const charging = readChoice('--charging', values.charging, CHARGING) ?? 'period';
  const speed = values.speed === 'real' ? 1 : readNumber('--speed', values.speed, DEFAULT_SPEED, 1);
  const seed = readNumber('--seed', values.seed, randomInt(2 ** 31));
  const happenings: Happening[] = [];
  const orders = await ordersOf(values['open-api'], target);
  const observe = observerOf(values, target, terminal);
  if (!values.json) terminal.out(paint('bold', say('life.title', { family, charging, at: target.at, speed, seed })));
  const ledger = await playLife(target, {
    family,
    charging,
    purchases: readNumber('--purchases', values.purchases, 1, 1),
    retries: readChoice('--retries', values.retries, ['hourly', 'two-minutes']) ?? 'two-minutes',
    loss: readShare(values.loss),
    random: seededRandom(seed),
    clock: lifeClock(
      speed,
      () => terminal.clock(),
      (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    ),
    patience: readNumber('--patience', values.patience, 20_000),
    dialTests: values['no-dial-tests'] !== true,
    ...(orders && { orders }),
    ...(values.order !== undefined && { given: readLifeOrders(values.order) }),
    ...(observe && { observe }),
    onHappening: (happening) => {
      happenings.push(happening);
      if (!values.json) terminal.out(happeningLine(terminal, happening));
    },
  });
  const sanctions = sanctionsOf(ledger);
  const counts = {
    calls: happenings.length,
    failedOrders: ledger.failedOrders.length,
    failedDays: new Set(ledger.failedDays).size,
    run: longestRun(ledger.failedDays),
    month: worstMonth(ledger.failedOrders),
    leftUndone: ledger.leftUndone,
    ignored: ledger.ignored,
  };
  const good = counts.failedOrders + counts.failedDays + counts.leftUndone + counts.ignored === 0;
  if (values.json) {
    terminal.out(
      JSON.stringify({ family, charging, at: target.at, seed, speed, good, ...counts, sanctions, happenings }, null, 2),
    );
    return good ? EXIT.good : EXIT.found;
  }
  terminal.out('');
  terminal.out(say('life.sum', counts));
  if (orders === undefined) terminal.out(paint('dim', say('life.no-orders')));
  if (observe === undefined) terminal.out(paint('dim', say('life.no-state')));
  for (const sanction of sanctions) terminal.out(paint('red', say(`life.sanction.${sanction}`, counts)));
  terminal.out(paint(good ? 'green' : 'red', say(good ? 'life.good' : 'life.bad')));
  return good ? EXIT.good : EXIT.found;
}

/** The stand-in that the server asks for orders: given, or that of the KooGate which runs here. @throws Problem */
async function ordersOf(address: string | undefined, { local }: Target): Promise<OrderClient | undefined> {
  const at = address ?? local?.running.openApi;
  if (at === undefined || (address === undefined && !(URL.canParse(at) && isLocal(at)))) return undefined;
  const orders = await reachOrders(at);
  if (orders === undefined && address !== undefined) throw new Problem('problem.stand-in', { at });
  return orders;
}

function readShare(text: string | undefined): number {
  const share = Number(text ?? '0.1');
  if (!(share >= 0 && share < 1)) throw new Problem('problem.share', { name: '--loss' });
  return share;
}

function happeningLine(
  { say, paint }: Terminal,
  { at, what, activity, purchase, code, good, milliseconds, why, values }: Happening,
): string {
  const minutes = Math.floor(at / 60_000);
  const clock = `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const day = say('life.day', { day: String(Math.floor(minutes / 1440)).padStart(3) });
  const mark = good ? paint('green', '✓') : paint('red', '✗');
  const reason = why === undefined ? '' : `  ${paint(what === 'ignored' ? 'red' : 'dim', say(why, values))}`;
  const kind = what === 'call' ? '' : ` (${say(`life.${what}`)})`;
  return `${day} ${clock}  ${mark} #${purchase} ${activity}${kind} → ${code} ${paint('dim', `${milliseconds} ms`)}${reason}`;
}
