import { expect, test } from '@jest/globals';
import { readCasAnswer } from '../../lib/login/cas-answer.ts';

const NS = 'xmlns:cas="http://www.yale.edu/tp/cas"';
const response = (inner: string) => `<cas:serviceResponse ${NS}>${inner}</cas:serviceResponse>`;
const success = (attributes: string, user = '<cas:user>jdoe</cas:user>') =>
  response(
    `<cas:authenticationSuccess>${user}<cas:attributes>${attributes}</cas:attributes></cas:authenticationSuccess>`,
  );
const DOCUMENTED = success('<cas:userName>demo.user</cas:userName>\n<cas:tenant>t-0001</cas:tenant>');

function read(text: string): unknown {
  const answer = readCasAnswer(text);
  return answer !== undefined && 'attributes' in answer ? Object.fromEntries(answer.attributes) : answer;
}

test.each([
  ['the documented example', DOCUMENTED, { userName: 'demo.user', tenant: 't-0001' }],
  [
    'a declaration',
    `<?xml version="1.0" encoding="UTF-8"?>\n${DOCUMENTED}`,
    { userName: 'demo.user', tenant: 't-0001' },
  ],
  ['no prefix', DOCUMENTED.replaceAll(/cas:|:cas/g, ''), { userName: 'demo.user', tenant: 't-0001' }],
  ['the entities of XML', success('<cas:name>&lt;J &amp; D&#x4f60;&gt;</cas:name>'), { name: '<J & D你>' }],
  ['a CDATA section', success('<cas:name>J<![CDATA[ & D]]></cas:name>'), { name: 'J & D' }],
  ['a comment within a name', success('<cas:name>admin<!-- x -->.evil</cas:name>'), { name: 'admin.evil' }],
  [
    'a ticket for proxies',
    DOCUMENTED.replace('<cas:attributes>', '<cas:proxyGrantingTicket>P</cas:proxyGrantingTicket>$&'),
    { userName: 'demo.user', tenant: 't-0001' },
  ],
  [
    'a user without attributes',
    response('<cas:authenticationSuccess><cas:user>j</cas:user></cas:authenticationSuccess>'),
    {},
  ],
  [
    'an attribute that is said twice',
    success('<cas:role>user</cas:role><cas:role>admin</cas:role><cas:name>J</cas:name>'),
    { name: 'J' },
  ],
  [
    'a refusal',
    response('<cas:authenticationFailure code="INVALID_TICKET">text</cas:authenticationFailure>'),
    { failure: 'INVALID_TICKET' },
  ],
  [
    'a refusal in JSON',
    '{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"demo text"}}}',
    { failure: 'INVALID_TICKET' },
  ],
  [
    'JSON with lists',
    '{"serviceResponse":{"authenticationSuccess":{"user":"j","attributes":{"userName":["j"],"isAdmin":true,"role":["user","admin"],"email":null}}}}',
    { userName: 'j', isAdmin: 'true' },
  ],
  ['JSON without attributes', '{"serviceResponse":{"authenticationSuccess":{"user":"j"}}}', {}],
])('%s is read', (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

const ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>';

test.each([
  ['a document type', `<!DOCTYPE cas:serviceResponse>${DOCUMENTED}`],
  ['an entity from a file', ENTITY + success('<cas:userName>&a;</cas:userName>')],
  ['entities of entities', ENTITY + success('<cas:userName>&b;</cas:userName>')],
  ['an entity that nobody has declared', success('<cas:userName>&admin;</cas:userName>')],
  ['a processing instruction', DOCUMENTED.replace('<cas:attributes>', '<?php x?>$&')],
  ['another namespace', DOCUMENTED.replace('yale', 'evil')],
  ['an undeclared prefix', DOCUMENTED.replace(` ${NS}`, '')],
  ['a second user', success('', '<cas:user>a</cas:user><cas:user>b</cas:user>')],
  ['an empty user', success('<cas:userName>a</cas:userName>', '<cas:user> </cas:user>')],
  ['no user', success('<cas:userName>a</cas:userName>', '')],
  [
    'a success beside a refusal',
    response(
      `<cas:authenticationSuccess><cas:user>a</cas:user></cas:authenticationSuccess><cas:authenticationFailure code="X"/>`,
    ),
  ],
  ['a refusal without a code', response('<cas:authenticationFailure>text</cas:authenticationFailure>')],
  ['a refusal with odd characters', response('<cas:authenticationFailure code="a&#10;b"/>')],
  ['elements within an attribute', success('<cas:userName>a<cas:tenant>t</cas:tenant></cas:userName>')],
  ['text beside the elements', DOCUMENTED.replace('<cas:attributes>', 'x$&')],
  ['the user elsewhere', response('<cas:user>a</cas:user>')],
  ['another document behind it', DOCUMENTED + DOCUMENTED],
  ['an end without a beginning', `${DOCUMENTED}</cas:x>`],
  ['a namespace within', success('<cas:userName xmlns:cas="http://www.evil.example.com/">a</cas:userName>')],
  ['an attribute of an element that is said twice', response('<cas:authenticationFailure code="A" code="B"/>')],
  ['a character that is none', success('<cas:userName>&#x110000;</cas:userName>')],
  ['a character that nobody sees', success('<cas:userName>&#0;</cas:userName>')],
  ['a bare ampersand', success('<cas:userName>a & b</cas:userName>')],
  ['text behind it', `${DOCUMENTED}x`],
  ['CDATA before it', `<![CDATA[x]]>${DOCUMENTED}`],
  ['an end that is missing', DOCUMENTED.slice(0, -10)],
  ['more attributes than anybody has', success('<cas:a>1</cas:a>'.repeat(101))],
  ['elements without an end', '<a xmlns="http://www.yale.edu/tp/cas">'.repeat(2_000)],
  ['elements within each other without end', success('<cas:a>'.repeat(20))],
  ['a page for people', '<html><body>Sign in</body></html>'],
  ['JSON of another form', '{"serviceResponse":{"authenticationSuccess":{"user":""}}}'],
  [
    'JSON that says both',
    '{"serviceResponse":{"authenticationSuccess":{"user":"a"},"authenticationFailure":{"code":"X"}}}',
  ],
  ['half JSON', '{"serviceResponse":'],
  ['nothing', ''],
])('%s is no answer', (_, text) => {
  expect(readCasAnswer(text)).toBeUndefined();
});
