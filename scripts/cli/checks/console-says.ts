import type { Check } from './check.ts';

/** Names the sentence that the seller console would answer with; it stops at the first thing wrong. */
export function consoleSays(checks: readonly Check[]): string {
  const first = checks.find(({ state }) => state === 'fail');
  if (first === undefined) return 'console.saved';
  if (first.id === 'in-time') return 'console.time-out';
  if (first.id === 'answered' || first.id === 'status' || first.id === 'content-type') return `console.${first.id}`;
  if (first.id.startsWith('body-sign')) return 'console.body-sign';
  if (first.id === 'json' || first.id === 'utf-8') return 'console.content-type';
  return first.id.startsWith('result-code') ? 'console.result-code' : 'console.member';
}
