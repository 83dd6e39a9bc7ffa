import { expect, test } from '@jest/globals';
import { notesOf } from '../../../scripts/evidence/release/notes.ts';

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n## 1.1.0\n\n* New.\n  More of it.\n\n## 1.0.0\n\n* Old.\n';

test('gives what stands below the heading of the version', () => {
  expect(notesOf(CHANGELOG, '1.1.0')).toBe('* New.\n  More of it.');
  expect(notesOf(CHANGELOG, '1.0.0')).toBe('* Old.');
});

test('refuses a version without notes, and says which headings there are', () => {
  expect(() => notesOf(CHANGELOG, '1.2.0')).toThrow(
    'no notes below a heading "## 1.2.0"; its headings are: Unreleased, 1.1.0, 1.0.0',
  );
});

test('refuses while notes wait below Unreleased', () => {
  expect(() => notesOf(CHANGELOG.replace('Unreleased\n', 'Unreleased\n\n* Waits.\n'), '1.1.0')).toThrow(
    'still has notes below "Unreleased"',
  );
});
