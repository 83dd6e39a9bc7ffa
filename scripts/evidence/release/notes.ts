import { Problem } from '../../dev/problem.ts';

/**
 * Takes a version's notes out of a changelog.
 * @throws Problem if the version has no notes, or if some still wait below `Unreleased`
 */
export function notesOf(changelog: string, version: string): string {
  const sections = new Map(
    changelog
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section.split('\n');
        return [heading.trim(), lines.join('\n').trim()];
      }),
  );
  if (sections.get('Unreleased')) {
    throw new Problem(
      `CHANGELOG.md still has notes below "Unreleased": move them below a heading "## ${version}" first.`,
    );
  }
  const notes = sections.get(version);
  if (notes) return notes;
  const known = [...sections.keys()].join(', ');
  throw new Problem(`CHANGELOG.md has no notes below a heading "## ${version}"; its headings are: ${known}.`);
}
