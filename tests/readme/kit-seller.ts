import type { Seller } from 'koogate';

const users = (tenantId: string, userName: string) =>
  `https://api.acme.example.com/tenants/${tenantId}/users/${encodeURIComponent(userName)}`;
const put = async (url: string, body: object, key: string, signal: AbortSignal) => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body), signal });
  if (!answer.ok) throw new Error(`The API answered ${answer.status}.`); // you are told again, with the same key
};

export const jointOperation: Pick<Seller, 'tenants' | 'login'> = {
  tenants: {
    userChanged({ binding, userName, user }, { idempotencyKey, signal }) {
      const account = user === undefined ? { open: false } : { open: user.enable, isAdmin: user.role === 'admin' };
      return put(users(binding.tenantId, userName), account, idempotencyKey, signal);
    },
  },
  login: {
    async signedIn({ binding, user, tokens }, { signal }) {
      const answer = await fetch(`${users(binding.tenantId, user.userName)}/sessions`, { method: 'POST', signal });
      if (answer.status === 404) return { turnedAway: { reason: 'Your administrator has not authorised you.' } };
      const { session } = (await answer.json()) as { session: string };
      const until = `Expires=${tokens.expiresAt.toUTCString()}`;
      return { cookies: [`acme=${session}; Domain=acme.example.com; Path=/; ${until}; HttpOnly; Secure`] };
    },
  },
};
