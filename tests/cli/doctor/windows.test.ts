import { describe, expect, test } from '@jest/globals';
import { readSeenCall } from '../../../scripts/cli/doctor/read/index.ts';

const URL = 'https://s.example.com/produce/crm?signature=AB%2B1&timestamp=17&nonce=C%20D';
const BODY = '{"activity":"newInstance","name":"a\\"b 100% & <é演>^!","n":"x\\\\"}';
const noFile = () => Buffer.alloc(0);

/** As Chromium's developer tools write an argument for cmd. */
const cmd = (text: string) =>
  `^"${text
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/g, '^$&')
    .replace(/%(?=[a-zA-Z0-9_])/g, '%^')
    .replace(/\r?\n/g, '^\n\n')}^"`;
/** Quotes inside of an argument, by the rules of Microsoft's C runtime. */
const forProgram = (text: string) => text.replace(/(\\*)"/g, '$1$1\\"');
/** As they write one for PowerShell. */
const shell = (text: string) =>
  `"${text.replace(/[`$"]/g, '`$&').replace(/[^\x20-\x7e]/g, (char) => `$([char]${char.charCodeAt(0)})`)}"`;

describe('a call pasted from Windows is the call that was sent', () => {
  test.each([
    [
      'cmd, Chromium',
      `curl ${cmd(URL)} ^\r\n  -H ${cmd('Content-Type: application/json')} ^\r\n  --data-raw ${cmd(BODY)}`,
    ],
    [
      'cmd, with a prompt',
      `C:\\Users\\li>curl.exe ${cmd(URL)} ^\n  -H ${cmd('Content-Type: application/json')} ^\n  -d ${cmd(BODY)}`,
    ],
    [
      'cmd, quotes without carets',
      `curl "${URL}" ^\n -H "Content-Type: application/json" ^\n --data-raw "${forProgram(BODY)}"`,
    ],
    [
      'PowerShell, Chromium',
      `$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "Mozilla"\nInvoke-WebRequest -UseBasicParsing -Uri ${shell(URL)} \`\n-Method "POST" \`\n-WebSession $session \`\n-Headers @{\n"accept"="*/*"\n  "content-type"="application/json"\n} \`\n-ContentType "application/json" \`\n-Body ([System.Text.Encoding]::UTF8.GetBytes(${shell(BODY)}))`,
    ],
    ['PowerShell, by hand', `irm '${URL}' -Method Post -ContentType 'application/json' -Body '${BODY}'`],
    [
      'curl.exe in PowerShell',
      `PS C:\\>curl.exe -X POST '${URL}' \`\n  -H 'Content-Type: application/json' \`\n  -d '${forProgram(BODY)}'`,
    ],
  ])('%s', (_, text) => {
    const { method, url, headers, body } = readSeenCall(text, noFile);
    expect({ method, url, type: headers['content-type'], body: body.toString() }).toEqual({
      ...{ method: 'POST', url: URL, type: 'application/json' },
      body: BODY,
    });
  });

  test('a line break in a value, and two quotes for one', () => {
    expect(readSeenCall(`curl ${cmd(URL)} --data-raw ${cmd('a\nb')}`, noFile).body.toString()).toBe('a\nb');
    expect(readSeenCall(`curl "${URL}" ^\n -d "{""a"": ""^1""}"`, noFile).body.toString()).toBe('{"a": "^1"}');
    expect(readSeenCall(`Invoke-RestMethod -Uri ${URL}`, noFile)).toMatchObject({ method: 'GET', url: URL });
    expect(() => readSeenCall('Invoke-WebRequest -Method Post', noFile)).toThrow('unreadable.curl-url');
  });

  test('a caret in a command for other shells stays a caret', () => {
    expect(readSeenCall(`curl '${URL}' -d '{"a":"^1"}'`, noFile).body.toString()).toBe('{"a":"^1"}');
    expect(readSeenCall(`curl '${URL}' -d '{"a":"^"}'`, noFile).body.toString()).toBe('{"a":"^"}');
  });
});
