import { expect, test } from '@jest/globals';
import { FAMILIES } from '../../lib/protocol/families.ts';

/** The calls that are documented for each family, and the classes of keys in the console's key management. */
const DOCUMENTED = {
  'saas-v2': [
    'base',
    'newInstance queryInstance refreshInstance updateInstanceStatus releaseInstance upgradeInstance changeInstanceCheck',
  ],
  'order-notify': ['general', 'orderNotify'],
  'saas-v1': [
    'base',
    'newInstance queryInstance refreshInstance expireInstance instanceStatus releaseInstance upgrade',
  ],
  'kit-v2': ['kit', 'tenantSync applicationSync authSync singleOrgSync allOrgSync'],
  'kit-v1': ['kit', 'tenantSync applicationSync authSync singleOrgSync allOrgSync'],
  'license-2': ['license', 'refreshLicenseCode updateLicenseCodeStatus releaseLicenseCode'],
  'license-online': [
    'base license',
    'newInstance queryInstance refreshInstance updateInstanceStatus releaseInstance getLicenseAsync',
  ],
  maas: ['base general', 'applyApikey'],
  'license-1': ['license base', 'getLicense refreshLicense expireLicense releaseLicense'],
} as const;

test.each(Object.entries(FAMILIES))('%s has the documented calls and classes of keys', (family, facts) => {
  const [keyClasses, activities] = DOCUMENTED[family as keyof typeof DOCUMENTED];
  expect(facts.keyClasses).toEqual(keyClasses.split(' '));
  expect([...facts.activities].sort()).toEqual(activities.split(' ').sort());
});

test('there is no other family', () => {
  expect(Object.keys(FAMILIES).sort()).toEqual(Object.keys(DOCUMENTED).sort());
});
