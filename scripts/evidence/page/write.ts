import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../dev/local/settings.ts';
import { readEvidence } from './measured.ts';
import { type Language, withResults } from './page.ts';

/** The page in both languages. */
export const PAGES_OF_PROOF: Readonly<Record<Language, string>> = {
  english: 'docs/proof.md',
  chinese: 'docs/zh/proof.md',
};

/** Writes the pages anew from what the commands wrote last. */
export function writePages(): void {
  const evidence = readEvidence();
  for (const [language, page] of Object.entries(PAGES_OF_PROOF) as [Language, string][]) {
    const file = join(ROOT, page);
    writeFileSync(file, withResults(readFileSync(file, 'utf8'), evidence, language));
  }
}
