import { expect, test } from '@jest/globals';
import { found } from '../../scripts/cli/certify/finding.ts';
import { casesOf, type ProductKind } from '../../scripts/cli/certify/matrix.ts';
import { type Certification, shownIn, verdictOf } from '../../scripts/cli/certify/verdict.ts';
import { familyNamed } from '../../scripts/marketplace/calls/families.ts';

const passed = { judgement: { checks: [], opened: [], passed: true }, outcome: { kind: 'answer' } };

/** A rehearsal in which every case passed twice; the questions are given. */
function rehearsal(kind: ProductKind, asked: Readonly<Record<string, string | undefined>>): Certification {
  const runs = ['alone', 'again'].map((round) => ({ round, findings: [], exchange: passed }));
  const conduct = Object.entries(asked).map(([id, finding]) => ({
    id,
    family: casesOf(kind)[0]?.family,
    exchanges: [passed],
    findings: finding === undefined ? [] : [found(finding)],
  }));
  const cases = casesOf(kind).map((required) => ({ required, runs }));
  return { kind, at: 'http://x', seed: 1, orders: 0, madeAt: 0, cases, conduct, suspects: [], openApis: [] } as never;
}

const states = (one: Certification) => Object.fromEntries(shownIn(one).map(({ property, state }) => [property, state]));

test('what no call has shown keeps a server from being ready, although every case passes', () => {
  const one = rehearsal('saas-period', { 'forged-empty': undefined, 'unknown-instance': undefined });
  expect(states(one)).toEqual({
    authentication: 'shown',
    idempotency: 'shown',
    isolation: 'open',
    'life-cycle': 'shown',
  });
  expect(verdictOf(one)).toEqual({ id: 'verdict.unproven', count: 1, good: false });
});

test('a question that failed does not show anything', () => {
  const one = rehearsal('saas-period', { 'leaves-nothing': 'finding.test-left-traces' });
  expect(states(one)).toMatchObject({ isolation: 'failed', authentication: 'open' });
});

test('nothing is asked that the families of a product cannot tell', () => {
  const notices = rehearsal('order-notify', { 'forged-empty': undefined });
  expect(states(notices)).toMatchObject({ isolation: 'beyond', 'life-cycle': 'beyond' });
  expect(verdictOf(notices).id).toBe('verdict.ready');
  expect(familyNamed('license-2').activities.newInstance).toBeUndefined();
  expect(states(rehearsal('license-2', {}))).toMatchObject({ isolation: 'open', 'life-cycle': 'beyond' });
});
