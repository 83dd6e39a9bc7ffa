import { existsSync, readFileSync } from 'node:fs';
import { explainAes } from '../doctor/aes.ts';
import { explainBodySign } from '../doctor/body-sign.ts';
import type { Cause, Diagnosis, KeyRing } from '../doctor/cause.ts';
import { examine } from '../doctor/examine.ts';
import { explainOaep } from '../doctor/oaep.ts';
import { readSeenCall } from '../doctor/read/index.ts';
import { Unreadable } from '../doctor/read/seen.ts';
import { COMMON, readArguments, readChoice, TARGET } from '../terminal/arguments.ts';
import { causeText } from '../terminal/describe.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { readKeys } from '../terminal/target.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = {
  ...COMMON,
  product: TARGET.product,
  key: TARGET.key,
  secrets: TARGET.secrets,
  'private-key': TARGET['private-key'],
  request: { type: 'string' },
  computed: { type: 'string' },
  class: { type: 'string' },
  received: { type: 'string' },
  kind: { type: 'string' },
  body: { type: 'string' },
  header: { type: 'string' },
  'time-stamp': { type: 'string' },
  value: { type: 'string' },
  'encrypt-type': { type: 'string' },
  hashes: { type: 'string' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** One thing examined, for example the call or its answer. */
interface Finding {
  readonly what: string;
  readonly diagnosis: Diagnosis;
}

/** Says which single deviation explains a signature or a cipher text. Ends with 1 unless everything holds. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    terminal.out(terminal.say('help.doctor'));
    return EXIT.good;
  }
  const { ring, privateKey } = readKeys(values, terminal.env);
  const findings = await diagnose(values, { ring, ...(privateKey && { privateKey }) }, terminal);
  if (values.json)
    terminal.out(
      JSON.stringify(
        findings.map((finding) => findingJson(terminal, finding)),
        null,
        2,
      ),
    );
  else
    for (const line of findings.flatMap((finding) => findingLines(terminal, finding, triedIn(ring))))
      terminal.out(line);
  return findings.every(({ diagnosis }) => diagnosis.kind === 'right' && diagnosis.notes.every(harmless))
    ? EXIT.good
    : EXIT.found;
}

/** Classes of keys that were tried, and how many of each: never a key. */
function triedIn(ring: KeyRing): string {
  return Object.entries(ring)
    .map(([keyClass, keys]) => `${keyClass} × ${keys.length}`)
    .join(', ');
}

async function diagnose(
  values: Values,
  { ring, privateKey }: ReturnType<typeof readKeys>,
  terminal: Terminal,
): Promise<Finding[]> {
  const kind = readChoice('--kind', values.kind, ['request', 'body-sign', 'aes', 'oaep']) ?? 'request';
  if (kind !== 'oaep' && Object.keys(ring).length === 0)
    throw new Problem('problem.key-missing', { keyClass: values.class ?? 'base' });
  const keyClass = values.class ?? (Object.keys(ring).length === 1 ? (Object.keys(ring)[0] ?? 'base') : 'base');
  if (kind === 'aes') {
    const encryptType = readChoice('--encrypt-type', values['encrypt-type'], ['1', '2']) ?? '1';
    return [
      { what: 'aes', diagnosis: explainAes({ keyClass, value: needed('--value', values.value), encryptType }, ring) },
    ];
  }
  if (kind === 'oaep') {
    if (privateKey === undefined) throw new Problem('problem.needed', { name: '--private-key' });
    const [hash = 'sha256', mgf1 = hash] = (values.hashes ?? 'sha256').split('/');
    return [
      {
        what: 'oaep',
        diagnosis: explainOaep({ value: needed('--value', values.value), expected: { hash, mgf1 } }, [privateKey]),
      },
    ];
  }
  if (kind === 'body-sign') {
    const body = readFile(needed('--body', values.body));
    const timeStamp = values['time-stamp'];
    const answer = {
      keyClass,
      body,
      header: needed('--header', values.header),
      ...(timeStamp !== undefined && { timeStamp }),
    };
    return [{ what: 'body-sign', diagnosis: explainBodySign(answer, ring) }];
  }
  return examineRequest(values, ring, terminal);
}

async function examineRequest(
  values: Values,
  ring: Readonly<Record<string, readonly string[]>>,
  terminal: Terminal,
): Promise<Finding[]> {
  const text =
    values.request === undefined || values.request === '-'
      ? await terminal.stdin()
      : readFile(values.request).toString('utf8');
  const received = values.received === undefined ? undefined : Date.parse(values.received);
  if (received !== undefined && Number.isNaN(received)) throw new Problem('problem.time', { name: '--received' });
  try {
    const seen = readSeenCall(text, readFile);
    const call = received === undefined ? seen : { ...seen, receivedAt: received };
    const found = examine(call, ring, {
      now: received ?? terminal.clock(),
      ...(values.class !== undefined && { keyClass: values.class }),
      ...(values.computed !== undefined && { computed: values.computed }),
    });
    return [
      { what: found.signedBy, diagnosis: found.diagnosis },
      ...(found.answer ? [{ what: 'body-sign', diagnosis: found.answer }] : []),
    ];
  } catch (error) {
    if (error instanceof Unreadable) throw new Problem(error.id);
    throw error;
  }
}

function readFile(path: string): Buffer {
  if (!existsSync(path)) throw new Problem('problem.file', { file: path });
  return readFileSync(path);
}

function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new Problem('problem.needed', { name });
  return value;
}

/** An older key of the list is what a rotation looks like. */
function harmless({ id }: Cause): boolean {
  return id === 'key.older';
}

function findingLines({ say, paint }: Terminal, { what, diagnosis }: Finding, tried: string): string[] {
  const head = { right: 'green', explained: 'red', unknown: 'yellow' } as const;
  const causes = diagnosis.kind === 'explained' ? diagnosis.causes : diagnosis.notes;
  const verdict = diagnosis.kind === 'right' && causes.some((note) => !harmless(note)) ? 'right-but' : diagnosis.kind;
  const several = diagnosis.kind === 'explained' && causes.length > 1 ? 'explained-several' : verdict;
  return [
    `${say(`doctor.what.${what}`)}: ${paint(head[diagnosis.kind], say(`doctor.${several}`))}`,
    ...causes.map((cause) => `  • ${causeText(say, cause)}`),
    ...(diagnosis.kind === 'unknown' && tried !== '' ? [`  → ${say('doctor.unknown.next', { tried })}`] : []),
  ];
}

function findingJson({ say }: Terminal, { what, diagnosis }: Finding): object {
  const causes = diagnosis.kind === 'explained' ? diagnosis.causes : diagnosis.notes;
  const list = causes.map((cause) => ({ id: cause.id, text: causeText(say, cause) }));
  return { what, verdict: diagnosis.kind, [diagnosis.kind === 'explained' ? 'causes' : 'notes']: list };
}
