/** Words that a doc comment begins with where it puts a question instead of naming a thing or an act. */
export const openings = /^(What|Whether|Where|Why|How|Who)\b/;

/** The first line of each doc comment of a source. */
export function docComments(source: string): readonly string[] {
  return [...source.matchAll(/^[ \t]*\/\*\*[ \t]*(?:\n[ \t]*\*[ \t]?)?([^\n]*)/gm)].map(([, text = '']) =>
    text.replace(/\s*\*\/\s*$/, '').trim(),
  );
}
