import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../dev/local/settings.ts';
import { costSections } from '../cost/page.ts';
import { type Evidence, readEvidence } from './measured.ts';
import { type Language, proofSections, withSections } from './page.ts';

/** Page with parts that are made of results, in one language. */
export interface MadePage {
  readonly file: string;
  readonly language: Language;
  sections(evidence: Evidence): Readonly<Record<string, string>>;
}

/** Every page with such parts. */
export const MADE_PAGES: readonly MadePage[] = (['english', 'chinese'] as const).flatMap((language) => {
  const folder = language === 'english' ? 'docs' : 'docs/zh';
  return [
    { file: `${folder}/proof.md`, language, sections: (evidence) => proofSections(evidence, language) },
    { file: `${folder}/cost.md`, language, sections: ({ bench }) => costSections(bench, language) },
  ];
});

/** Writes the pages anew from what the commands wrote last. */
export function writePages(): void {
  const evidence = readEvidence();
  for (const { file, sections } of MADE_PAGES) {
    const path = join(ROOT, file);
    writeFileSync(path, withSections(readFileSync(path, 'utf8'), sections(evidence)));
  }
}
