import { randomUUID } from 'node:crypto';
import { codeOf, found, remark } from '../finding.ts';
import type { Conduct } from './bench.ts';
import { send, succeeded } from './bench.ts';

/* Debugging calls leave nothing behind; real calls about instances that nobody bought are told so. Reads only. */

const leavesNothing: Conduct = {
  id: 'leaves-nothing',
  ask: async (bench) => {
    const created = await send(bench, { subject: { businessId: randomUUID() } }, 'newInstance');
    const instanceId = created.judgement.members?.instanceId;
    if (typeof instanceId !== 'string' || bench.family.activities.queryInstance === undefined)
      return { exchanges: [created], findings: [] };
    const asked = await send(bench, { subject: { test: false, instanceId } }, 'queryInstance');
    const info = asked.judgement.members?.info;
    const there =
      succeeded(asked) &&
      Array.isArray(info) &&
      info.some((entry) => Object(entry).instanceId === instanceId && Object(entry).appInfo);
    return { exchanges: [created, asked], findings: there ? [found('finding.test-left-traces')] : [] };
  },
};

const unknownInstance: Conduct = {
  id: 'unknown-instance',
  ask: async (bench) => {
    const subject = { test: false, instanceId: `koogate-unknown-${randomUUID().slice(0, 8)}` };
    const exchange = await send(bench, { subject, expected: ['000003'] }, 'queryInstance');
    const info = exchange.judgement.members?.info;
    const empty = succeeded(exchange) && (!Array.isArray(info) || info.length === 0);
    if (codeOf(exchange) === '000003') return { exchanges: [exchange], findings: [] };
    if (!succeeded(exchange))
      return {
        exchanges: [exchange],
        findings: [remark('finding.refusal-code', { code: codeOf(exchange), expected: '000003' })],
      };
    return {
      exchanges: [exchange],
      findings: [empty ? remark('finding.unknown-instance-empty') : found('finding.unknown-instance-given')],
    };
  },
};

export const STATE_CONDUCT: readonly Conduct[] = [leavesNothing, unknownInstance];
