import { readArguments, readNumber } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { OpenApiRequest } from './open-api/call.ts';
import { runOpenApi } from './open-api/run.ts';
import { PLACE, readPlace } from './place.ts';

const { table: _, ...SITE_PLACE } = PLACE;

const OPTIONS = {
  ...SITE_PLACE,
  product: { type: 'string' },
  batch: { type: 'boolean' },
  effect: { type: 'string' },
  again: { type: 'boolean' },
  clients: { type: 'string' },
  active: { type: 'string' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

const ACTIONS = ['activate', 'query', 'usage'];

/** Calls the licence APIs, as the console's debugging cases demand: for test authorisation codes, and for real ones. */
export async function license(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.license'));
    return EXIT.good;
  }
  const [action, ...codes] = positionals;
  if (action === undefined || !ACTIONS.includes(action) || codes.length === 0) {
    throw new Problem('problem.license-needed', { choices: ACTIONS.join(', ') });
  }
  const request = requestOf(action, codes, values);
  const place = await readPlace(values, terminal);
  return runOpenApi(place, request, { product: values.product, json: values.json === true });
}

function requestOf(action: string, codes: readonly string[], values: Values): OpenApiRequest {
  const { batch, effect, again, clients, active } = values;
  if (action === 'query') return { case: 'license-query', codes, batch };
  if (action === 'activate') {
    return { case: 'license-activate', codes, batch, effectiveAt: timeOf('--effect', effect), isRepeat: again };
  }
  if (clients !== undefined && active !== undefined) throw new Problem('problem.license-usage');
  return {
    case: 'license-usage',
    codes,
    clients: clients?.split(',').filter((id) => id !== ''),
    active: readNumber('--active', active, 1),
  };
}

function timeOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new Problem('problem.time', { name });
  return time;
}
