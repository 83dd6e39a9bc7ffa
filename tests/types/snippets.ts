/** What a seller may write: each is a function body with the contract's types and a `seller` that has every hook. */
export const TAKEN = {
  'a seller of six hooks': 'const mine: Seller = seller; return mine;',
  'a hook that answers nothing': 'const mine: Seller = { ...seller, renew: async () => {} }; return mine;',
  'a refusal with a code of the marketplace':
    "const mine: Seller = { ...seller, provision: async () => ({ refused: { resultCode: '000106', resultMsg: 'sold out' } }) }; return mine;",
  'a failure for good':
    "const mine: Seller = { ...seller, freeze: async () => ({ failed: { reason: 'gone' } }) }; return mine;",
  'an instance without a site for its administrator':
    "const mine: Seller = { ...seller, provision: async () => ({ access: { frontEndUrl: 'https://a.example.com' } }) }; return mine;",
  'the order of a purchase, without asking whether it is there':
    'const mine: Seller = { ...seller, provision: async ({ order }) => ({ access: { frontEndUrl: order.orderId } }) }; return mine;',
  'an order type that the documents do not name yet': "const type: Order['orderType'] = 'SOMETHING_NEW'; return type;",
  'a key, a signal and notes for each attempt':
    'const read = (c: HookContext): [string, AbortSignal, Promise<unknown>] => [c.idempotencyKey, c.signal, c.notes.get("k")]; return read;',
  'every state of an instance named': `const name = (state: Instance['state']): string => {
      switch (state) {
        case 'PENDING': case 'ACTIVE': case 'FROZEN': case 'RELEASED': case 'FAILED': return state;
      }
    }; return name;`,
} as const;

/** What the compiler must refuse, and the number of its error. */
export const REFUSED = {
  'a seller without release': [
    'TS2741',
    'const { release: _, ...rest } = seller; const mine: Seller = rest; return mine;',
  ],
  'a seller without provision': [
    'TS2741',
    'const { provision: _, ...rest } = seller; const mine: Seller = rest; return mine;',
  ],
  'a hook nobody calls': ['TS2353', 'const mine: Seller = { ...seller, suspend: async () => {} }; return mine;'],
  'a hook that is no promise': ['TS2322', 'const mine: Seller = { ...seller, freeze: () => {} }; return mine;'],
  'a refused renewal: only purchases may be refused': [
    'TS2322',
    "const mine: Seller = { ...seller, renew: async () => ({ refused: { resultCode: '000106', resultMsg: 'no' } }) }; return mine;",
  ],
  'a refusal with success as its code': [
    'TS2322',
    "const mine: Seller = { ...seller, provision: async () => ({ refused: { resultCode: '000000', resultMsg: 'no' } }) }; return mine;",
  ],
  'a refusal with a code nobody knows': [
    'TS2322',
    "const mine: Seller = { ...seller, provision: async () => ({ refused: { resultCode: '000999', resultMsg: 'no' } }) }; return mine;",
  ],
  'a purchase that says nothing': [
    'TS2322',
    'const mine: Seller = { ...seller, provision: async () => {} }; return mine;',
  ],
  'access without an address': [
    'TS2322',
    "const mine: Seller = { ...seller, provision: async () => ({ access: { userName: 'u' } }) }; return mine;",
  ],
  'a misspelt member of access': [
    'TS2561',
    "const access: Access = { frontendUrl: 'https://a.example.com' }; return access;",
  ],
  'a password that is undefined instead of absent': [
    'TS2375',
    "const access: Access = { frontEndUrl: 'https://a.example.com', password: undefined }; return access;",
  ],
  'the order of a freeze, which may be missing': [
    'TS18048',
    'const mine: Seller = { ...seller, freeze: async ({ order }) => { order.orderId; } }; return mine;',
  ],
  'the order of a withdrawn renewal, which may be missing': [
    'TS18048',
    'const mine: Seller = { ...seller, renew: async ({ renewalOrder }) => { renewalOrder.orderId; } }; return mine;',
  ],
  'a changed end date': ['TS2540', 'return (renewal: Renewal) => { renewal.expiresAt = new Date(); };'],
  'a changed instance': ['TS2540', "return (change: Change) => { change.instance.state = 'ACTIVE'; };"],
  'a scene that no document names': ['TS2322', "const scene: Renewal['scene'] = 'GIFT'; return scene;"],
  'a note read as if its type were known': [
    'TS2571',
    'return async (c: HookContext) => (await c.notes.get("k")).length;',
  ],
  'a switch over states that forgets one': [
    'TS2366',
    "const f = (s: Instance['state']): string => { switch (s) { case 'PENDING': case 'ACTIVE': case 'FROZEN': return s; } }; return f;",
  ],
} as const;
