import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { COMMON, readArguments, readNumber } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { findLocalData } from '../terminal/running.ts';
import type { Terminal } from '../terminal/terminal.ts';

const OPTIONS = {
  ...COMMON,
  bits: { type: 'string' },
  out: { type: 'string' },
  product: { type: 'string', multiple: true },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** Documents and console refuse smaller pairs. */
const LEAST_BITS = 3072;

/** Makes and checks access keys, RSA pairs and secrets files. */
export async function keys(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args[0] === 'status') return (await import('../operator/keys-status.ts')).keysStatus(args.slice(1), terminal);
  const { values, positionals } = readArguments(args, OPTIONS);
  const [what, file] = positionals;
  if (values.help || what === undefined) {
    terminal.out(terminal.say('help.keys'));
    return values.help ? EXIT.good : EXIT.usage;
  }
  if (what === 'access') return access(values, terminal);
  if (what === 'rsa') return rsa(values, terminal);
  if (what === 'check') return check(file, values, terminal);
  if (what === 'secrets') return secrets(values, terminal);
  throw new Problem('problem.choice', { name: 'keys', given: what, choices: 'access, rsa, check, secrets, status' });
}

/** Access keys as the console makes them: 36 characters of a lower-case UUID, used as text. */
function access({ json }: Values, terminal: Terminal): number {
  const accessKey = randomUUID();
  terminal.out(json ? JSON.stringify({ accessKey }) : accessKey);
  return EXIT.good;
}

async function rsa({ bits, out, json }: Values, terminal: Terminal): Promise<number> {
  const size = readNumber('--bits', bits, LEAST_BITS, LEAST_BITS);
  if (out !== undefined) refuseExisting(`${out}.private.pem`, `${out}.public.pem`);
  const pair = await newPair(size);
  const publicKey = consoleForm(pair.publicKey);
  if (out === undefined) {
    terminal.out(json ? JSON.stringify({ ...pair, console: publicKey }) : `${pair.privateKey}${pair.publicKey}`);
  } else {
    writeNew(`${out}.private.pem`, pair.privateKey);
    writeNew(`${out}.public.pem`, pair.publicKey);
    if (json) terminal.out(JSON.stringify({ files: [`${out}.private.pem`, `${out}.public.pem`], console: publicKey }));
    else terminal.out(terminal.say('keys.written', { files: `${out}.private.pem, ${out}.public.pem` }));
  }
  if (!json) {
    terminal.out(terminal.say('keys.console'));
    terminal.out(publicKey);
  }
  return EXIT.good;
}

function check(file: string | undefined, { json }: Values, terminal: Terminal): number {
  if (file === undefined) throw new Problem('problem.needed', { name: 'FILE' });
  if (!existsSync(file)) throw new Problem('problem.file', { file });
  const key = readAnyKey(readFileSync(file, 'utf8').trim());
  if (key === undefined) throw new Problem('problem.key-file', { file });
  const size = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const good = key.asymmetricKeyType === 'rsa' && size >= LEAST_BITS;
  const values = { type: key.type, algorithm: key.asymmetricKeyType ?? '', size, least: LEAST_BITS };
  if (json) terminal.out(JSON.stringify({ ...values, good }));
  else terminal.out(terminal.paint(good ? 'green' : 'red', terminal.say(good ? 'keys.good' : 'keys.bad', values)));
  return good ? EXIT.good : EXIT.found;
}

/** The whole file of a local run: two access keys a class, sealing pairs, and the marketplace's own pair and keys. */
async function secrets({ product, json, ...values }: Values, terminal: Terminal): Promise<number> {
  const out = values.out ?? join(findLocalData(terminal.env).folder, 'secrets.json');
  if (product === undefined) throw new Problem('problem.needed', { name: '--product' });
  refuseExisting(out);
  const kid = `local-${randomBytes(4).toString('hex')}`;
  const pairs = await Promise.all([newPair(LEAST_BITS), newPair(LEAST_BITS), newPair(LEAST_BITS)]);
  const [credentials, personal, marketplace] = pairs;
  const accessKeys = () =>
    Object.fromEntries(
      ['base', 'general', 'kit', 'license'].map((keyClass) => [keyClass, [randomUUID(), randomUUID()]]),
    );
  const content = {
    products: Object.fromEntries(product.map((name) => [name, { accessKeys: accessKeys() }])),
    sealing: { credentials: [{ kid, ...credentials }], personal: [{ kid, ...personal }] },
    marketplace: {
      privateKey: marketplace.privateKey,
      accessKeyId: randomBytes(10).toString('hex').toUpperCase(),
      secretAccessKey: randomBytes(20).toString('hex'),
    },
    seller: { secret: `whsec_${randomBytes(32).toString('base64')}` },
  };
  mkdirSync(dirname(out), { recursive: true, mode: 0o700 });
  writeNew(out, `${JSON.stringify(content, null, 2)}\n`);
  terminal.out(json ? JSON.stringify({ files: [out] }) : terminal.say('keys.written', { files: out }));
  return EXIT.good;
}

interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

function newPair(modulusLength: number): Promise<Pair> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Writes a key as it is pasted into the seller console: one line, without BEGIN and END. */
function consoleForm(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '');
}

/** Readable by the owner alone. */
function writeNew(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
}

/** Said before anything is made: nothing is overwritten. */
function refuseExisting(...files: string[]): void {
  const file = files.find((one) => existsSync(one));
  if (file !== undefined) throw new Problem('problem.exists', { file });
}

function readAnyKey(text: string): KeyObject | undefined {
  const der = Buffer.from(text, 'base64');
  const attempts = text.includes('-----')
    ? [() => createPrivateKey(text), () => createPublicKey(text)]
    : [
        () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
        () => createPublicKey({ key: der, format: 'der', type: 'spki' }),
      ];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // Another form is tried; none fitting is the caller's to say.
    }
  }
  return undefined;
}
