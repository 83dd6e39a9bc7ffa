/*
 * Commands as they are pasted from Windows: first cmd takes its carets away, then the program's own start splits the line,
 * by the rules of Microsoft's C runtime.
 * Source: https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments
 */

/** Checks whether a command was written for cmd: a caret before the quote that opens a word, or at a line's end. */
export function isForCmd(text: string): boolean {
  return /\s\^"|\^[ \t]*\r?\n/.test(text);
}

/** Splits a command as cmd and the program that it starts would. */
export function cmdWords(text: string): string[] {
  return runtimeWords(withoutCarets(text));
}

/** Takes away carets, which hold outside of quotes; one at the end of a line joins it with the next. */
function withoutCarets(text: string): string {
  let [isQuoted, plain] = [false, ''];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') isQuoted = !isQuoted;
    if (char !== '^' || isQuoted) {
      plain += char;
      continue;
    }
    const [end] = /^\r?\n/.exec(text.slice(at + 1)) ?? [];
    at += (end ?? '').length + 1; // behind a line's end the next character stands for itself
    plain += text[at] ?? '';
  }
  return plain;
}

/** Splits at blanks outside of quotes; backslashes count before a quote alone, and two quotes inside of quotes are one. */
function runtimeWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const [piece, slashes, quotes] of text.matchAll(/(\\*)("+)|\\+|\s+|[^\\"\s]+/g)) {
    if (quotes === undefined) {
      if (isQuoted || /\S/.test(piece)) word = (word ?? '') + piece;
      else if (word !== undefined) {
        words.push(word);
        word = undefined;
      }
      continue;
    }
    const isEscaped = (slashes ?? '').length % 2 === 1;
    word = (word ?? '') + '\\'.repeat(Math.floor((slashes ?? '').length / 2)) + (isEscaped ? '"' : '');
    for (let left = quotes.length - (isEscaped ? 1 : 0); left > 0; left -= 1) {
      if (isQuoted && left > 1) {
        word += '"';
        left -= 1;
      } else isQuoted = !isQuoted;
    }
  }
  return word === undefined ? words : [...words, word];
}
