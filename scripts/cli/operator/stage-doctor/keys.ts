import type { Product } from '../../../../lib/config/products.ts';
import { keysOf, readHours } from '../../../../lib/operations/calls-seen.ts';
import { fingerprintOf } from '../../../../lib/secrets/fingerprint.ts';
import type { ProductSecrets } from '../../../../lib/secrets/secrets.ts';
import { familyNamed } from '../../../marketplace/calls/families.ts';
import { isJson } from '../../checks/check.ts';
import { withTableOf } from '../place.ts';
import { shortTime } from '../usage/table-text.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { SecretsFile, Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('keys');

type AccessKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** Compares the access keys of both sides as far as they can be seen, by fingerprints. */
export async function checkKeys(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { config, options } = visit;
  const { secretsFile: file } = options;
  const secrets = await visit.secrets();
  const findings: DoctorFinding[] = [];
  for (const product of config.products.values()) {
    let own: ProductSecrets;
    try {
      own = await secrets.product(product.id);
    } catch (error) {
      findings.push(unknown('unreadable', { product: product.name, cause: causeOf(error) }));
      continue;
    }
    findings.push(...classesOf(product, own.accessKeys));
    findings.push(...(await marketplaceSide(visit, product, own.accessKeys)));
    if (file !== undefined) findings.push(...comparedWith(file, product, own.accessKeys));
  }
  return findings;
}

/** Each class that a family of the product is signed with needs a key. */
function classesOf({ name, families }: Product, keys: AccessKeys): readonly DoctorFinding[] {
  const has = (keyClass: string | undefined) => keyClass !== undefined && (keys[keyClass]?.length ?? 0) > 0;
  const lacking = families
    .map(familyNamed)
    .filter(({ keyClass, orClass }) => !has(keyClass) && !has(orClass))
    .map(({ keyClass, name: family }) => ({ keyClass, family }));
  const shown = Object.entries(keys).map(
    ([keyClass, list = []]) => `${keyClass} ${list.map(fingerprintOf).join(', ') || '–'}`,
  );
  const classes = [...new Set(lacking.map(({ keyClass }) => keyClass))];
  return [
    good('fingerprints', { product: name, keys: shown.join('; ') }),
    ...classes.map((keyClass) => {
      const families = lacking.filter((one) => one.keyClass === keyClass).map(({ family }) => family);
      return todo('class-missing', { product: name, keyClass, families: families.join(', ') });
    }),
  ];
}

/** The other side's keys cannot be asked for; what can be seen is which of ours has verified its calls. */
async function marketplaceSide(
  { place, now }: Visit,
  { id, name: product }: Product,
  keys: AccessKeys,
): Promise<readonly DoctorFinding[]> {
  const uses = await withTableOf(place, async ({ table }) => keysOf(await readHours(table, id, now)));
  return Object.entries(keys).flatMap(([keyClass, list = []]): DoctorFinding[] => {
    const [newest, ...older] = list;
    if (newest === undefined) return [];
    const values = { product, keyClass, fingerprint: fingerprintOf(newest) };
    const useOf = (key: string) =>
      uses.find((one) => one.keyClass === keyClass && one.fingerprint === fingerprintOf(key));
    const seen = useOf(newest);
    const before = older.map(useOf).find((use) => use !== undefined);
    if (seen === undefined) {
      if (before === undefined) return [unknown('not-seen', values)];
      return [advice('older-in-use', { ...values, older: before.fingerprint, at: shortTime(before.lastAt) })];
    }
    const { removableSince: since } = before ?? {};
    return [
      good('seen', { ...values, at: shortTime(seen.lastAt) }),
      ...(since === undefined || before === undefined
        ? []
        : [advice('removable', { ...values, older: before.fingerprint, since: shortTime(since) })]),
    ];
  });
}

function comparedWith(
  { path, content }: SecretsFile,
  { id, name }: Product,
  keys: AccessKeys,
): readonly DoctorFinding[] {
  const theirs = keysIn(content, id);
  if (theirs === undefined) return [unknown('not-in-file', { product: name, file: path })];
  const classes = [...new Set([...Object.keys(keys), ...Object.keys(theirs)])];
  const differing = classes.filter((one) => JSON.stringify(keys[one] ?? []) !== JSON.stringify(theirs[one] ?? []));
  if (differing.length === 0) return [good('same-as-file', { product: name, file: path })];
  return differing.map((keyClass) =>
    todo('differ-from-file', {
      ...{ product: name, keyClass, file: path },
      stored: (keys[keyClass] ?? []).map(fingerprintOf).join(', ') || '–',
      given: (theirs[keyClass] ?? []).map(fingerprintOf).join(', ') || '–',
    }),
  );
}

function keysIn(file: unknown, id: string): AccessKeys | undefined {
  const products = isJson(file) && isJson(file.products) ? file.products : {};
  const product = products[id];
  if (!isJson(product) || !isJson(product.accessKeys)) return undefined;
  return Object.fromEntries(
    Object.entries(product.accessKeys).map(([name, list]) => [
      name,
      [list].flat().filter((key) => typeof key === 'string'),
    ]),
  );
}
