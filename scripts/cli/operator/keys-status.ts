import { readSealingMark, type SealingMark } from '../../../lib/instances/sealing-mark.ts';
import { type KeyUse, keysOf, readHours, removableSince } from '../../../lib/operations/calls-seen.ts';
import type { KeyClass } from '../../../lib/protocol/call.ts';
import { fingerprintOf } from '../../../lib/secrets/fingerprint.ts';
import { SEALED_KINDS, type Secrets, SecretsUnavailable } from '../../../lib/secrets/secrets.ts';
import { readArguments } from '../terminal/arguments.ts';
import { EXIT } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { removableText } from './overview-text.ts';
import { PLACE, readPlace, secretsOf, withTableOf } from './place.ts';
import { asTable, shortTime } from './usage/table-text.ts';

/** Shows which keys an installation has, by fingerprints, when each verified last, and which may be removed. */
export async function keysStatus(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values } = readArguments(args, PLACE);
  if (values.help) {
    out(say('help.keys-status'));
    return EXIT.good;
  }
  const at = await readPlace(values, terminal);
  const secrets = await secretsOf(at);
  return withTableOf(at, async ({ table, place }) => {
    const access = [];
    for (const product of at.config.products.keys()) {
      const uses = keysOf(await readHours(table, product, terminal.clock()));
      access.push(...(await accessKeys(secrets, product, uses)));
    }
    const mark = await readSealingMark(table);
    const sealing = await sealingKeys(secrets, mark);
    if (values.json) out(JSON.stringify({ place, access, sealing, sealedAnewAt: mark?.at }, null, 2));
    else {
      const heads = (names: readonly string[]) => names.map((name) => say(`keys-status.head.${name}`));
      out(
        [
          asTable(
            heads(['product', 'class', 'place', 'fingerprint', 'last-seen', 'removable']),
            access.map(({ product, keyClass, isNewest, fingerprint, lastAt, removableSince: since }) => [
              ...[product, keyClass, say(isNewest ? 'keys-status.newest' : 'keys-status.older'), fingerprint],
              lastAt === undefined ? say('keys-status.never') : shortTime(lastAt),
              isNewest ? '' : removableText(since, say),
            ]),
          ),
          asTable(
            heads(['kind', 'kid', 'use']),
            sealing.map(({ kind, kid, use }) => [kind, kid, say(`keys-status.${use}`)]),
          ),
          mark === undefined ? say('keys-status.no-mark') : say('keys-status.mark', { at: shortTime(mark.at) }),
        ].join('\n\n'),
      );
    }
    return EXIT.good;
  });
}

async function accessKeys(secrets: Secrets, product: string, uses: readonly KeyUse[]) {
  const own = await ifThere(() => secrets.product(product));
  return Object.entries(own?.accessKeys ?? {}).flatMap(([keyClass, list]) => {
    const known = list.map((key) => {
      const fingerprint = fingerprintOf(key);
      return { fingerprint, use: uses.find((one) => one.keyClass === keyClass && one.fingerprint === fingerprint) };
    });
    const newest = known[0]?.use;
    return known.map(({ fingerprint, use }, index) => {
      const since = index === 0 || newest === undefined ? undefined : removableSince(newest, use?.lastAt ?? 0);
      return {
        ...{ product, keyClass: keyClass as KeyClass, isNewest: index === 0, fingerprint },
        ...(use && { lastAt: use.lastAt }),
        ...(since !== undefined && { removableSince: since }),
      };
    });
  });
}

/** `seals`: the newest; `needed`: opens what was sealed before; `spare`: the mark says that nothing is sealed with it. */
async function sealingKeys(secrets: Secrets, mark: SealingMark | undefined) {
  const found: { kind: string; kid: string; use: 'seals' | 'needed' | 'spare' }[] = [];
  for (const kind of SEALED_KINDS) {
    const list = (await ifThere(() => secrets.sealing(kind, 'public'))) ?? [];
    for (const [index, { kid }] of list.entries()) {
      const isSpare = mark?.kids[kind] !== undefined && mark.kids[kind] === list[0]?.kid;
      found.push({ kind, kid, use: index === 0 ? 'seals' : isSpare ? 'spare' : 'needed' });
    }
  }
  return found;
}

async function ifThere<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SecretsUnavailable && error.reason === 'gone') return undefined;
    throw error;
  }
}
