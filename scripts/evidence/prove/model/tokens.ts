import { type Path, ValidationException } from './paths.ts';

const TOKEN = /\s*(<>|<=|>=|[<>=(),+[\].]|[#:]\w+|\w+)/y;

/** The words of an expression, read one after the other. */
export class Tokens {
  private readonly words: string[] = [];
  private at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match?.[1] !== undefined; match = TOKEN.exec(text)) {
      this.words.push(match[1]);
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

  /** Whether the next word is this one; if so it is taken. */
  takes(word: string): boolean {
    if (this.next !== word) return false;
    this.at += 1;
    return true;
  }

  end(): void {
    if (this.at < this.words.length) throw new ValidationException(`not in the subset: "${this.next}"`);
  }

  value(): string {
    if (!this.next.startsWith(':')) throw new ValidationException(`"${this.next}" is no value placeholder`);
    return this.take();
  }

  /** A path whose names are placeholders still. */
  path(): Path {
    const steps: (string | number)[] = [this.name()];
    for (;;) {
      if (this.takes('.')) steps.push(this.name());
      else if (this.takes('[')) {
        steps.push(Number(this.take()));
        this.take(']');
      } else return steps;
    }
  }

  private name(): string {
    if (!this.next.startsWith('#')) throw new ValidationException(`"${this.next}" is no name placeholder`);
    return this.take();
  }
}
