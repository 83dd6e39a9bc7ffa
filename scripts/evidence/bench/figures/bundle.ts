import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { BUNDLES } from '../bundles.ts';
import type { Figure } from '../figure.ts';
import { kilobytes } from '../format.ts';

/** Sizes of the bundles as they would be deployed. */
export const bundle: Figure = async (_, say) => {
  say('sizes of the bundles');
  const sizes = (name: keyof typeof BUNDLES) => {
    const code = readFileSync(BUNDLES[name]);
    return { plain: code.length, compressed: gzipSync(code, { level: 9 }).length };
  };
  const [ours, theirs] = [sizes('produce'), sizes('reference')];
  return [
    {
      figure: 'bundle of produce, KB minified',
      value: ours.plain / 1_000,
      goal: { atMost: 370 },
      ours: kilobytes(ours.plain),
      theirs: `${kilobytes(theirs.plain)} (R)`,
    },
    {
      figure: 'bundle of produce, KB gzip',
      value: ours.compressed / 1_000,
      goal: { atMost: 125 },
      ours: kilobytes(ours.compressed),
      theirs: `${kilobytes(theirs.compressed)} (R)`,
    },
  ];
};
