import type { Sentence } from '../../language/sentence.ts';

/** Advice where a check of `koogate doctor --stage` could not be made at all. English, Chinese. */
export const FAILED_DO: Sentence = [
  'Sign in as somebody who may, or make the place reachable from here; then look again.',
  '请以有权者的身份登录，或确保从本机可以访问，然后再检查。',
];
