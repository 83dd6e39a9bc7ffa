import { expect, test } from '@jest/globals';
import { readAddress } from '../../../lib/table/postgres/address.ts';

test('an address on this machine needs no certificate', () => {
  expect(readAddress('postgres://koogate@127.0.0.1:6432/shop')).toEqual({
    host: '127.0.0.1',
    port: 6432,
    user: 'koogate',
    database: 'shop',
    ssl: false,
  });
});

test.each(['postgres://u@db.example.com/shop', 'postgresql://u@192.168.0.9/shop?sslmode=verify-full'])(
  'the certificate and its name are verified elsewhere: %s',
  (address) => {
    const { host, port, ssl } = readAddress(address, 'PEM');
    expect(port).toBe(5432);
    expect(ssl).toEqual({ host, minVersion: 'TLSv1.2', rejectUnauthorized: true, ca: 'PEM' });
  },
);

test('names with other characters are decoded', () => {
  expect(readAddress('postgres://my%2Dshop_server@localhost/a%20b')).toMatchObject({
    user: 'my-shop_server',
    database: 'a b',
  });
});

test.each([
  ['mysql://u@db/shop', /Expected the address/],
  ['postgres://db/shop', /Expected the address/],
  ['postgres://u@db', /Expected the address/],
  ['nonsense', /Expected the address/],
  ['postgres://u:geheim@db/shop', /must not hold its password/],
  ['postgres://u@db/shop?sslmode=disable', /on this machine alone/],
  ['postgres://u@db/shop?sslmode=require', /Expected sslmode=verify-full/],
  ['postgres://u@db/shop?options=x', /unknown parameter "options"/],
  ['postgres://u@db/shop?sslrootcert=/nowhere.pem', /\/nowhere.pem.*cannot be read/],
])('%s is refused with a sentence that repeats no password', (address, sentence) => {
  expect(() => readAddress(address)).toThrow(sentence);
  expect(() => readAddress(address)).not.toThrow(/geheim/);
});
