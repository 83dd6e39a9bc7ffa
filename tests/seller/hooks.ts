import type { HookContext, Instance, Notes, Order } from '../../lib/seller/contract.ts';

/** Notes in memory; values go through JSON as they do in the table. */
export function memoryNotes(kept = new Map<string, string>()): Notes {
  return {
    get: async (key) => (kept.has(key) ? JSON.parse(kept.get(key) ?? 'null') : undefined),
    put: async (key, value) => void kept.set(key, JSON.stringify(value)),
    create: async (key, value) => !kept.has(key) && Boolean(kept.set(key, JSON.stringify(value))),
    delete: async (key) => void kept.delete(key),
  };
}

/** The context of one attempt. The moment is now: verifiers of signatures look at the real clock. */
export function context(over: Partial<HookContext> = {}): HookContext {
  return {
    idempotencyKey: 'change-1',
    signal: new AbortController().signal,
    attempt: 1,
    now: new Date(),
    notes: memoryNotes(),
    secret: async (name) => Promise.reject(new Error(`There is no secret ${name}.`)),
    ...over,
  };
}

export const instance: Instance = {
  product: 'demo',
  instanceId: '8a4c7a3e-0d6b-8d2f-9d3e-5b0e6a523c1f',
  orderId: 'CS2509010930EXAMP',
  orderLineId: 'CS2509010930EXAMP-000001',
  expiresAt: new Date('2026-09-01T15:59:59Z'),
  state: 'PENDING',
};

/** An order of so many seats. */
export function orderOf(skuCode: string, seats: number): Order {
  return {
    orderId: instance.orderId,
    orderType: 'NEW',
    createdAt: new Date('2025-09-01T01:30:00Z'),
    line: {
      orderLineId: instance.orderLineId,
      chargingMode: 'PERIOD',
      expiresAt: new Date('2026-09-01T15:59:59Z'),
      products: [{ productId: `${skuCode}-year`, skuCode, linearValue: seats }],
    },
    buyer: { customerId: 'customer-1', customerName: '示例公司', email: 'buyer@example.com' },
    extendParams: [{ name: 'site', value: 'north' }],
  };
}
