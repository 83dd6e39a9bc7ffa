import { randomBytes, randomUUID } from 'node:crypto';
import { foreignKeys } from '../../../marketplace/calls/families.ts';
import { codeOf, found, remark } from '../finding.ts';
import { accepted, type Conduct, refused, send, succeeded } from './bench.ts';

/* Questions for the Kit alone: a key of its own, deletes that never look what is there, a secret to open last. */

/** Neither can be opened with any key. */
const broken = () => randomBytes(384).toString('base64');

const brokenSecret: Conduct = {
  id: 'broken-secret',
  ask: async (bench) => {
    const exchange = await send(
      bench,
      { members: { clientSecret: broken() }, expected: ['000101'] },
      'applicationSync',
    );
    if (succeeded(exchange)) return { exchanges: [exchange], findings: [found('finding.broken-secret-accepted')] };
    const code = codeOf(exchange);
    return {
      exchanges: [exchange],
      findings: code === '000101' ? [] : [remark('finding.refusal-code', { code, expected: '000101' })],
    };
  },
};

const verifiesFirst: Conduct = {
  id: 'verifies-first',
  ask: async (bench) => {
    const exchange = await send(
      bench,
      { key: randomUUID(), members: { clientSecret: broken() }, expected: ['000001'] },
      'applicationSync',
    );
    return { exchanges: [exchange], findings: codeOf(exchange) === '000101' ? [found('finding.decrypts-first')] : [] };
  },
};

const ownKey: Conduct = {
  id: 'own-key',
  ask: async (bench) => {
    const base = bench.target.ring.base?.[0];
    if (base === undefined || base === bench.target.ring.kit?.[0]) return { exchanges: [], findings: [] };
    return refused(bench, 'finding.wrong-class-accepted', ['000001'], { key: base });
  },
};

const unknown = () => ({ members: { flag: 0, tenantId: `t-${randomUUID().slice(0, 8)}` } });

export const KIT_CONDUCT: readonly Conduct[] = [
  ownKey,
  brokenSecret,
  verifiesFirst,
  {
    id: 'delete-unknown-tenant',
    ask: (bench) => accepted(bench, 'finding.delete-refused', unknown(), 'fail', 'tenantSync'),
  },
  {
    id: 'delete-unknown-user',
    ask: (bench) => accepted(bench, 'finding.delete-refused', unknown(), 'fail', 'authSync'),
  },
  {
    id: 'delete-unknown-department',
    ask: (bench) => accepted(bench, 'finding.delete-refused', unknown(), 'fail', 'singleOrgSync'),
  },
  {
    id: 'departments-as-text',
    ask: (bench) =>
      accepted(
        bench,
        'finding.departments-refused',
        { members: { orgInfoList: '[{"orgCode":"100","OrgName":"Lab","parentCode":""}]' } },
        'warn',
        'allOrgSync',
      ),
  },
];

/** Keys of other classes must not open the base interfaces. */
export const CLASS_CONDUCT: Conduct = {
  id: 'other-class',
  ask: async (bench) => {
    const [key] = foreignKeys(bench.family, bench.target.ring);
    return key === undefined
      ? { exchanges: [], findings: [] }
      : refused(bench, 'finding.wrong-class-accepted', ['000001'], { key });
  },
};
