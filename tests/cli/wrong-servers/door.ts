import type { WrongServer } from './wrong-server.ts';

/* Servers that are slow, or rude to what they do not understand. */

export const doorServers: readonly WrongServer[] = [
  {
    name: 'blocks newInstance beyond the time limit',
    settings: () => ({ delay: (activity) => (activity === 'newInstance' ? 150 : 0) }),
    kind: 'saas-once',
    caught: ['check.in-time.fail'],
    args: ['--limit', '100', '--orders', '0'],
  },
  {
    name: 'refuses with HTTP 401',
    settings: () => ({ statusOfRefusal: 401 }),
    kind: 'saas-once',
    caught: ['finding.refusal-status'],
  },
  {
    name: 'refuses charset=utf8, as strict frameworks do',
    settings: () => ({
      acceptsType: (type) => type === 'application/json' || type === 'application/json;charset=utf-8',
    }),
    kind: 'saas-once',
    caught: ['check.result-code.fail'],
  },
  {
    name: 'refuses a content type without charset',
    settings: () => ({ acceptsType: (type) => type.includes('charset') }),
    kind: 'saas-once',
    caught: ['finding.content-type-refused'],
  },
  {
    name: 'breaks over an activity it does not know',
    settings: () => ({
      unknownActivity: () => ({
        resultCode: '000005',
        resultMsg: 'TypeError: handler is not a function\n    at dispatch (/srv/app/index.js:10:5)',
      }),
    }),
    kind: 'saas-once',
    caught: ['finding.crash'],
  },
  {
    name: 'answers success to an activity it does not know',
    settings: () => ({ unknownActivity: () => ({ resultCode: '000000', resultMsg: 'success.' }) }),
    kind: 'saas-once',
    caught: ['finding.unknown-activity-accepted'],
  },
];
