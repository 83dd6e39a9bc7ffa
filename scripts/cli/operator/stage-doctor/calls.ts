import type { Product } from '../../../../lib/config/products.ts';
import { fingerprintOf } from '../../../../lib/secrets/fingerprint.ts';
import { familyNamed } from '../../../marketplace/calls/families.ts';
import type { Family, FamilyName } from '../../../marketplace/calls/family.ts';
import { presets } from '../../../marketplace/calls/presets.ts';
import { benchOf } from '../../certify/conduct/index.ts';
import { converse, type Exchange } from '../../conversation.ts';
import type { Target } from '../../terminal/target.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('calls');

/** Milliseconds after which the marketplace no longer waits, and those after which the stage's own alarm rings. */
const WAIT_MS = 5_000;
const SLOW_MS = 3_000;
/** Member that a debugging call of the doctor carries, so that it does not count as a dial test. */
const MARK = { koogateDoctor: '1' };

/**
 * Sends one signed debugging call for each family of each product, as the marketplace would, with the stage's newest key.
 * Debugging calls are answered from their own content and leave nothing behind.
 */
export async function checkCalls(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { origin } = await visit.address();
  if (origin === undefined) return [unknown('no-address')];
  const secrets = await visit.secrets();
  const findings: DoctorFinding[] = [];
  let slowest = 0;
  for (const product of visit.config.products.values()) {
    let ring: Target['ring'];
    try {
      const { accessKeys } = await secrets.product(product.id);
      ring = Object.fromEntries(Object.entries(accessKeys).map(([name, list]) => [name, list ?? []]));
    } catch (error) {
      findings.push(unknown('no-keys', { product: product.name, cause: causeOf(error) }));
      continue;
    }
    const target: Target = { at: `${origin}/produce/${product.name}`, ring, insecure: false, limit: WAIT_MS };
    for (const name of product.families) {
      const exchange = await callOf(target, product, name, visit.options.ca);
      if ('state' in exchange) {
        findings.push(exchange);
        continue;
      }
      const { outcome } = exchange;
      if (outcome.kind === 'failure' && outcome.reason !== 'time-out') {
        return [...findings, unknown('unreachable', { address: origin, cause: outcome.detail })];
      }
      slowest = Math.max(slowest, outcome.milliseconds);
      findings.push(judged(exchange, product, target));
    }
  }
  return slowest >= SLOW_MS ? [...findings, advice('slow', { milliseconds: slowest })] : findings;
}

async function callOf(
  target: Target,
  product: Product,
  name: FamilyName,
  ca: string | undefined,
): Promise<Exchange | DoctorFinding> {
  const values = { product: product.name, family: name };
  if (name.startsWith('kit-') && product.kitTest === 'store') return unknown('stored', values);
  const family = signable(familyNamed(name), target.ring);
  if (family === undefined) return unknown('no-key', values);
  const { activity } = benchOf(target, name, false);
  return converse(target, family, activity, {
    ...{ members: MARK, subject: presets(family, true), wait: 2 * WAIT_MS },
    ...(ca !== undefined && { ca }),
  });
}

/** Family with the class that there is a key of; undefined if there is none. */
function signable(family: Family, ring: Target['ring']): Family | undefined {
  const { keyClass, orClass } = family;
  const has = (one: string | undefined) => one !== undefined && (ring[one]?.length ?? 0) > 0;
  if (has(keyClass)) return family;
  return has(orClass) && orClass !== undefined ? { ...family, keyClass: orClass } : undefined;
}

function judged({ family, outcome, judgement }: Exchange, { name: product }: Product, { ring }: Target): DoctorFinding {
  const { name, keyClass } = family;
  const fingerprint = fingerprintOf(ring[keyClass]?.[0] ?? '');
  const values = { product, family: name, keyClass, fingerprint };
  if (judgement.passed) return good('answered', { ...values, milliseconds: outcome.milliseconds });
  const code = judgement.members?.resultCode;
  const shown =
    outcome.kind === 'failure' ? outcome.reason : typeof code === 'string' ? code : `HTTP ${outcome.status}`;
  if (shown === '000001') return todo('refused', values);
  if (shown === 'HTTP 503') return todo('keys-gone', values);
  if (shown === 'HTTP 404' || shown === 'HTTP 403') return todo('no-route', { ...values, code: shown });
  return {
    ...todo('wrong-answer', { ...values, code: shown }),
    checks: judgement.checks.filter(({ state }) => state === 'fail'),
  };
}
