import type { Access } from '../../lib/seller/contract.ts';

/** What a debugging call is shown, whatever it asks for: shaped like a real answer, opens nothing. */
export const SAMPLE_ACCESS: Access = {
  frontEndUrl: 'https://www.example.com',
  adminUrl: 'https://www.example.com/admin',
  userName: 'debugging',
  password: 'debugging-opens-nothing',
  memo: 'debugging answer: no instance behind it',
};
