import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApplicationRecord, Binding } from '../../lib/instances/kit-item.ts';
import { acceptSync } from '../../lib/tenants/accept.ts';
import { findApplication } from '../../lib/tenants/find-application.ts';
import { kitKeys } from '../../lib/tenants/keys.ts';
import { ENGINES, watched } from '../instances/support.ts';
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
      at: kitKeys.application(binding, 'app'),
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

  const take = (binding: Binding, sentAt: number) => {
    const record = { appId: 'app' };
    const call = {
      kind: 'application',
      event: 'removed',
      sentAt,
      record,
      fingerprint: 'removed',
      isTest: false,
    } as const;
    return acceptSync(running.table, kitKeys.application(binding, 'app'), binding, call, NOW);
  };

  test('is found with three requests behind sixty bindings that have ended', async () => {
    const binding = newBinding('i-55');
    for (let index = 0; index < 60; index += 1) {
      const ended = { ...binding, instanceId: `i-${index}` };
      await give(ended, NOW + index);
      if (index !== 55) await take(ended, NOW + 100 + index);
    }
    await tell(binding);
    const { table, sent } = watched(running.table);
    expect(await findApplication(table, binding, 'app')).toMatchObject({ binding });
    expect(sent).toHaveLength(3);
  });

  test('costs a stranger who names no tenant of ours two requests', async () => {
    const { table, sent } = watched(running.table);
    expect(await findApplication(table, newBinding(), 'app')).toBeUndefined();
    expect(sent).toHaveLength(2);
  });

  test('is found where an older version has written it, which left no pointer', async () => {
    const binding = newBinding();
    await tell(binding);
    await give(binding);
    const pk = `TENANT#demo#${binding.tenantId}#LOGIN#app`;
    const Key = marshall({ pk, sk: 'i-1#' });
    const pointer = { TableName: running.table.name, Key };
    const { Item } = await running.client.send(new GetItemCommand(pointer));
    expect(Item?.type).toEqual({ S: 'login-pointer' });
    await running.client.send(new DeleteItemCommand(pointer));
    expect(await find(binding)).toMatchObject({ binding });
  });

  test('that has ended is found by nothing that comes late', async () => {
    const binding = newBinding();
    await tell(binding);
    await take(binding, NOW + 10);
    await give(binding, NOW + 5);
    expect(await find(binding)).toBeUndefined();
  });
});
