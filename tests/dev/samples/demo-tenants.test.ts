import { expect, test } from '@jest/globals';
import { demoTenants, noteOf } from '../../../scripts/dev/samples/demo-tenants.ts';
import { context, memoryNotes } from '../../seller/hooks.ts';

const binding = { product: 'kit', tenantId: 't 1', instanceId: 'i-1' };
const told = { binding, at: new Date(1_000), isTest: false };

test('what there is, is noted; what is gone, is not; secrets and names never are', async () => {
  const kept = new Map<string, string>();
  const given = context({ notes: memoryNotes(kept) });
  const tenant = { name: 'Acme', tenantCode: 'acme', domainName: 'https://acme.example.com' };
  const client = { clientId: 'c', clientSecret: 'top-secret' };
  const user = { name: 'J. Doe', role: 'admin', enable: true, mobile: '13800000000' };
  for (const _ of ['first', 'again']) {
    await demoTenants.tenantChanged?.({ ...told, action: 'added', tenant }, given);
    await demoTenants.applicationChanged?.({ ...told, action: 'added', appId: 'a', client }, given);
    await demoTenants.userChanged?.({ ...told, action: 'changed', appId: 'a', userName: 'jdoe', user }, given);
  }
  expect(await given.notes.get(noteOf('tenant', 't 1', 'i-1'))).toEqual({
    name: 'Acme',
    domainName: 'https://acme.example.com',
  });
  expect(await given.notes.get(noteOf('user', 't 1', 'i-1', 'a', 'jdoe'))).toEqual({ role: 'admin', enable: true });
  expect(kept.size).toBe(3);
  expect([...kept.values()].join()).not.toMatch(/top-secret|J\. Doe|13800000000/);

  await demoTenants.userChanged?.({ ...told, action: 'withdrawn', appId: 'a', userName: 'jdoe' }, given);
  await demoTenants.applicationChanged?.({ ...told, action: 'removed', appId: 'a' }, given);
  await demoTenants.tenantChanged?.({ ...told, action: 'removed' }, given);
  expect(kept.size).toBe(0);
});

test('departments are noted with their time, one by one and as a tree', async () => {
  const given = context();
  const department = { orgCode: '100', orgName: 'Research', parentCode: '' };
  await demoTenants.departmentsReplaced?.({ ...told, departments: [department] }, given);
  await demoTenants.departmentChanged?.({ ...told, at: new Date(2_000), action: 'removed', orgCode: '100' }, given);
  const renamed = { ...department, orgCode: '200', orgName: 'Labs' };
  const change = { ...told, at: new Date(3_000), action: 'changed' as const, orgCode: '200', department: renamed };
  await demoTenants.departmentChanged?.(change, given);
  expect(await given.notes.get(noteOf('department', 't 1', 'i-1', '200'))).toEqual({
    at: '1970-01-01T00:00:03.000Z',
    orgName: 'Labs',
  });
  expect(await given.notes.get(noteOf('departments', 't 1', 'i-1'))).toEqual({
    at: '1970-01-01T00:00:01.000Z',
    names: ['Research'],
  });
  expect(await given.notes.get(noteOf('department', 't 1', 'i-1', '100'))).toEqual({ at: '1970-01-01T00:00:02.000Z' });
});
