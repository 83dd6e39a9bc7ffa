import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineProducts } from '../../../lib/config/products.ts';
import { keys } from '../../../lib/instances/keys.ts';
import { readInstances } from '../../../lib/instances/store.ts';
import { createSealer } from '../../../lib/sealing/sealer.ts';
import { secretsFromEnvironment } from '../../../lib/secrets/environment.ts';
import { readLines } from '../../../scripts/cli/operator/import/read-lines.ts';
import { createTable, localClient, startDynoxide } from '../../../scripts/dev/engine.ts';
import { TABLE } from '../../../scripts/dev/local/settings.ts';
import { ensureLocalSecrets } from '../../../scripts/dev/local-secrets.ts';
import { demoSeller } from '../../../scripts/dev/samples/demo.ts';
import { samples } from '../../../scripts/dev/samples/index.ts';

const products = defineProducts(samples);

import { temporaryFolder } from '../../support/command.ts';
import { operate } from './operate.ts';

const HEADER = 'orderId,instanceId,product,expiry,url,user,password';

describe('the lines of a file', () => {
  const sold = defineProducts({
    demo: { seller: demoSeller },
    legacy: { seller: demoSeller, families: ['saas-v1'] },
    demand: { seller: demoSeller, families: ['saas-v1'], onDemand: true },
  });
  const read = (...lines: string[]) => readLines(lines.join('\n'), sold);

  test('hold instances, quoted and in any order of columns, whatever the line ends and the mark in front', () => {
    const text =
      '\uFEFFproduct,url,memo,orderId,instanceId,expiry\r\nlegacy,https://a.example.com,"多, ""行""",CS1,i-1,20251001155959\r\n';
    expect(readLines(text, sold)).toMatchObject({
      lines: [
        {
          at: 2,
          instance: {
            product: 'legacy',
            instanceId: 'i-1',
            orderId: 'CS1',
            orderLineId: '',
            expiresAt: Date.parse('2025-10-01T15:59:59Z'),
            derivedIds: [expect.any(String)],
          },
          access: { frontEndUrl: 'https://a.example.com', memo: '多, "行"' },
        },
      ],
    });
  });

  test('take ISO 8601 with its zone, and no expiry at all', () => {
    const dated = read(HEADER, 'CS1,i-1,demo,2025-10-01T23:59:59+08:00,,,', 'CS2,i-2,demo,,,,');
    expect(dated).toMatchObject({
      lines: [{ instance: { expiresAt: Date.parse('2025-10-01T15:59:59Z'), orderLineId: 'CS1-000001' } }, { at: 3 }],
    });
  });

  test.each([
    ['an unknown product', 'CS1,i-1,nobody,,,,', 'product is not one of'],
    ['no order', ',i-1,demo,,,,', 'orderId is missing'],
    ['no instance', 'CS1,,demo,,,,', 'instanceId is missing'],
    ['a comma in the id', 'CS1,"i,1",demo,,,,', 'instanceId holds a comma'],
    ['a date that is none', 'CS1,i-1,demo,20250231000000,,,', 'expiry must be'],
    ['a date without a zone', 'CS1,i-1,demo,2025-10-01T15:59:59,,,', 'expiry must be'],
    ['a password without an address', 'CS1,i-1,demo,,,u,secret-word', 'access without url'],
    ['a password too long for V1.0', `CS1,i-1,legacy,,https://a,u,${'secret-word'.repeat(8)}`, 'more than 79 bytes'],
    ['an address too long', `CS1,i-1,demo,,https://${'a'.repeat(512)},,`, 'url has more than 512'],
    ['a column too few', 'CS1,i-1,demo', 'no CSV'],
    ['a quote left open', 'CS1,"i-1,demo,,,,', 'no CSV'],
  ])('with %s are refused, naming line and column but no value', (_, line, fault) => {
    const result = read(HEADER, 'CS9,i-9,demo,,,,', line);
    if (!('faults' in result)) throw new Error('The file was taken.');
    expect(result.faults).toEqual([expect.stringContaining(fault)]);
    expect(result.faults[0]).toMatch(/^line [34]: /);
    expect(result.faults.join()).not.toMatch(/secret-word/);
  });

  test('of a product sold on demand say which product was bought, and how it is charged', () => {
    const header = `${HEADER},productId,chargingMode`;
    expect(read(header, 'CS1,i-1,demand,,,,,,')).toMatchObject({
      faults: [expect.stringContaining('productId is missing'), expect.stringContaining('chargingMode is missing')],
    });
    expect(read(header, 'CS1,i-1,demo,,,,,,hourly')).toMatchObject({
      faults: [expect.stringContaining('chargingMode is not one of ON_DEMAND,')],
    });
    expect(read(header, 'CS1,i-1,demand,,,,,p,ON_DEMAND')).toMatchObject({
      lines: [{ instance: { chargingMode: 'ON_DEMAND' } }],
    });
  });

  test('all faults are told at once; so are columns that are missing or unknown, and repeats', () => {
    expect(read(HEADER, ',i-1,demo,,,,', 'CS2,,demo,,,,')).toMatchObject({ faults: { length: 2 } });
    expect(read('orderId,instanceID,product', 'CS1,i-1,demo')).toEqual({
      faults: [expect.stringContaining('no column "instanceID"'), 'line 1: the column instanceId is missing'],
    });
    expect(read(HEADER, 'CS1,i-1,demo,,,,', 'CS1,i-2,demo,,,,', 'CS3,i-1,demo,,,,', 'CS1,i-1,legacy,,,,')).toEqual({
      faults: ['line 3: the order is that of line 2 too', 'line 4: the instanceId is that of line 2 too'],
    });
    expect(read(HEADER)).toEqual({ faults: ['there is no line below the header'] });
  });
});

describe('npm run import', () => {
  const folder = temporaryFolder();
  const secretsFile = join(folder.path, 'secrets.json');
  const env = { KOOGATE_DATA: folder.path };
  const file = (...lines: string[]) => {
    const path = join(folder.path, 'instances.csv');
    writeFileSync(path, [HEADER, ...lines].join('\n'));
    return path;
  };
  const stored = async (ids: string[]) => {
    const engine = await startDynoxide({ dbPath: join(folder.path, 'dynamo.db') });
    const client = localClient(engine.endpoint);
    const found = await readInstances({ client, name: TABLE }, 'legacy', ids);
    client.destroy();
    await engine.stop();
    return found;
  };

  beforeAll(async () => {
    await ensureLocalSecrets(secretsFile, products.values(), false);
    const engine = await startDynoxide({ dbPath: join(folder.path, 'dynamo.db') });
    const client = localClient(engine.endpoint);
    await createTable(client, TABLE);
    client.destroy();
    await engine.stop();
  });
  afterAll(folder.remove);

  test('refuses the whole file for one bad line, and writes nothing', async () => {
    const path = file('CS1,i-1,legacy,20990101000000,https://a.example.com,owner,first-word', 'CS2,,legacy,,,,');
    const { code, output } = await operate(['import', path], env);
    expect(code).toBe(1);
    expect(output).toContain('nothing was written:\n  line 3: instanceId is missing');
    expect((await stored(['i-1'])).size).toBe(0);
  });

  test('checks without writing, imports, and finds everything there the second time', async () => {
    const path = file('CS1,i-1,legacy,20990101000000,https://a.example.com,owner,first-word', 'CS2,i-2,legacy,,,,');
    const checked = await operate(['import', path, '--check'], env);
    expect([checked.code, checked.output]).toEqual([0, expect.stringContaining('Nothing was written.')]);
    expect((await stored(['i-1'])).size).toBe(0);
    const first = await operate(['import', path], env);
    expect([first.code, first.output]).toEqual([0, expect.stringMatching(/^2 imported into .*, 0 had been there/)]);
    const again = await operate(['import', path], env);
    expect([again.code, again.output]).toEqual([0, expect.stringMatching(/^0 imported into .*, 2 had been there/)]);
    const item = (await stored(['i-1'])).get('i-1');
    const sealer = createSealer(secretsFromEnvironment({ KOOGATE_SECRETS: secretsFile }, Date.now));
    expect(JSON.stringify(item)).not.toContain('first-word');
    expect(await sealer.open('credentials', item?.access ?? '', keys.instance('legacy', 'i-1'))).toEqual({
      frontEndUrl: 'https://a.example.com',
      userName: 'owner',
      password: 'first-word',
    });
  });

  test('refuses an order that has another instance already', async () => {
    const { code, output } = await operate(['import', file('CS1,i-other,legacy,,,,')], env);
    expect([code, output]).toEqual([1, expect.stringContaining('line 2: orderId has the instance i-1 already')]);
  });

  test.each([
    [[], 'npm run import -- <file.csv>'],
    [['nowhere.csv'], 'nowhere.csv cannot be read'],
    [['--nonsense'], '--nonsense'],
  ])('%j is a usage error', async (args, sentence) => {
    const { code, output } = await operate(['import', ...args], env);
    expect([code, output]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
