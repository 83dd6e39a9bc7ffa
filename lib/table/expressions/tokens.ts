import type { Path } from './paths.ts';
import { ValidationException } from './validation.ts';

const TOKEN = /\s*(<>|<=|>=|[<>=(),+[\].]|[#:]\w+|\w+)/y;

/** The words of an expression, read one after the other. Whatever is outside the portable subset is refused. */
export class Tokens {
  /** Placeholders that the expression has, of names and of values. */
  readonly used = new Set<string>();
  private readonly words: string[] = [];
  private at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match?.[1] !== undefined; match = TOKEN.exec(text)) {
      this.words.push(match[1]);
      if (/^[#:]/.test(match[1])) this.used.add(match[1]);
      end = TOKEN.lastIndex;
    }
    if (text.slice(end).trim() !== '') throw new ValidationException(`not in the subset: ${text.slice(end)}`);
  }

  get next(): string {
    return this.words[this.at] ?? '';
  }

  take(...allowed: readonly string[]): string {
    const word = this.next;
    if (allowed.length > 0 && !allowed.includes(word)) {
      throw new ValidationException(`expected ${allowed.join(' or ')}, found "${word}"`);
    }
    this.at += 1;
    return word;
  }

  /** Takes the next word if it is this one, and says whether it was. */
  takes(word: string): boolean {
    if (this.next !== word) return false;
    this.at += 1;
    return true;
  }

  end(): void {
    if (this.at < this.words.length) throw new ValidationException(`not in the subset: "${this.next}"`);
  }

  value(): string {
    if (!this.next.startsWith(':')) throw new ValidationException(`"${this.next}" is not a value placeholder`);
    return this.take();
  }

  /** Reads a path; its names are still placeholders. */
  path(): Path {
    const steps: (string | number)[] = [this.name()];
    for (;;) {
      if (this.takes('.')) steps.push(this.name());
      else if (this.takes('[')) {
        steps.push(this.index());
        this.take(']');
      } else return steps;
    }
  }

  private name(): string {
    if (!this.next.startsWith('#')) throw new ValidationException(`"${this.next}" is not a name placeholder`);
    return this.take();
  }

  private index(): number {
    const word = this.take();
    if (!/^\d{1,6}$/.test(word)) throw new ValidationException(`"${word}" is not a position in a list`);
    return Number(word);
  }
}
