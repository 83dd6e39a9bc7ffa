import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApplicationRecord, Binding } from '../../lib/instances/kit-item.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { findApplication } from '../../lib/tenants/find-application.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { ENGINES } from '../instances/support.ts';
import { startTable, type TestTable } from '../support/table.ts';
import { NOW, newBinding, sync, tenantSync } from './support.ts';

const CLIENT = { appId: 'app', clientId: 'client', clientSecret: 'kit:sealed' };

describe.each(ENGINES)('the application that the users of a tenant sign in to, on %s', (engine) => {
  let running: TestTable;
  beforeAll(async () => {
    running = await startTable(engine);
  });
  afterAll(() => running.stop());

  const tell = (binding: Binding) => sync(running.table, binding, tenantSync('added', NOW));
  const give = (binding: Binding, sentAt = NOW, record: ApplicationRecord = CLIENT) => {
    const call = { kind: 'application', event: 'added', sentAt, record, fingerprint: 'f', isTest: false } as const;
    return acceptSync(running.table, kitKeys.application(binding, 'app'), binding, call, NOW);
  };
  const find = (binding: Binding, appId = 'app') => findApplication(running.table, binding, appId);

  test('is that of the instance it was given to last', async () => {
    const binding = newBinding();
    const others = ['i-0', 'i-2', 'i-3'].map((instanceId) => ({ ...binding, instanceId }));
    for (const one of [binding, ...others]) await tell(one);
    await give(binding, NOW + 2, { ...CLIENT, clientId: 'newest' });
    for (const other of others.slice(0, 2)) await give(other, NOW + 1);
    expect(await find(binding)).toEqual({
      binding,
      domainName: 'https://acme.example.com',
      clientId: 'newest',
      clientSecret: 'kit:sealed',
    });
  });

  test('is unknown while one of the two is: the tenant, or its application', async () => {
    const [tenantAlone, applicationAlone] = [newBinding(), newBinding()];
    await tell(tenantAlone);
    await give(applicationAlone);
    expect(await find(tenantAlone)).toBeUndefined();
    expect(await find(applicationAlone)).toBeUndefined();
    await tell(applicationAlone);
    expect(await find(applicationAlone)).toMatchObject({ clientId: 'client' });
    expect(await find(applicationAlone, 'another')).toBeUndefined();
  });

  test('is unknown without a client, or without the domain of the identity centre', async () => {
    const [clientless, homeless] = [newBinding(), newBinding()];
    await tell(clientless);
    await give(clientless, NOW, { appId: 'app' });
    const call = tenantSync('added', NOW);
    const { domainName: _, ...record } = call.record;
    await sync(running.table, homeless, { ...call, record });
    await give(homeless);
    expect(await find(clientless)).toBeUndefined();
    expect(await find(homeless)).toBeUndefined();
  });
});
