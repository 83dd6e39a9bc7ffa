import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { checkMembers } from '../../lib/protocol/check-members.ts';
import { refused } from '../support/refused.ts';

const text = v.string('must be a text');
const schema = v.pipe(
  v.object({ id: text, user: v.exactOptional(v.object({ name: text }, 'must be an object')) }),
  v.check(({ id, user }) => id !== user?.name, 'must not name the user as the order'),
);

describe('the members of a call', () => {
  test('come back as the schema reads them, others left out', () => {
    expect(checkMembers(schema, { id: '1', user: { name: 'a' }, other: 1 })).toEqual({ id: '1', user: { name: 'a' } });
    expect(checkMembers(schema, { id: '1', user: null })).toEqual({ id: '1' });
  });

  test.each([
    [{}, 'id is missing'],
    [{ id: '' }, 'id is missing'],
    [{ id: 7 }, 'id must be a text'],
    [{ id: '1', user: 'a' }, 'user must be an object'],
    [{ id: '1', user: {} }, 'user.name is missing'],
    [{ id: '1', user: { name: 7 } }, 'user.name must be a text'],
    [{ id: 'a', user: { name: 'a' } }, 'body must not name the user as the order'],
  ])('%j are refused with the place of what is wrong', (members, message) => {
    expect(refused(() => checkMembers(schema, members))).toMatchObject({ resultCode: '000002', message });
  });

  test('are looked at no further than the first that is wrong', () => {
    const seen: unknown[] = [];
    const noted = v.custom<string>((value) => {
      seen.push(value);
      return value === 'good';
    }, 'must be good');
    const act = () => checkMembers(v.object({ a: noted, b: noted, c: noted }), { a: 'good', b: 'bad', c: 'worse' });
    expect(refused(act).message).toBe('b must be good');
    expect(seen).toEqual(['good', 'bad']);
  });
});
