import fc from 'fast-check';

/** A JSON value as it could be sent: the text with blanks and needless escapes, and the same without them. */
export interface NoisyJson {
  readonly sent: string;
  readonly compact: string;
}

const blank = fc.constantFrom('', ' ', '\n', '\t\r', '  ');

/** A text and one of its many spellings in JSON. */
export const noisyString: fc.Arbitrary<NoisyJson & { readonly value: string }> = fc
  .array(fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.boolean()), { maxLength: 6 })
  .map((units) => {
    const value = units.map(([unit]) => unit).join('');
    const sent = units.map(([unit, escapes]) => (escapes ? escapeAll(unit) : JSON.stringify(unit).slice(1, -1)));
    return { value, sent: `"${sent.join('')}"`, compact: JSON.stringify(value) };
  });

/** Every UTF-16 code unit as `\uXXXX`. */
export function escapeAll(text: string): string {
  return text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Number source texts that JSON allows and a double would not give back. */
const number = fc
  .constantFrom('0', '-0', '1.0', '1.10', '1e2', '1E+2', '12345678901234567890.123', '0.1000', '1e999')
  .map((text) => ({ sent: text, compact: text }));

const literal = fc.constantFrom('true', 'false', 'null').map((text) => ({ sent: text, compact: text }));

const { value } = fc.letrec<{ value: NoisyJson; list: NoisyJson; object: NoisyJson }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, number, noisyString, literal, tie('list'), tie('object')),
  list: fc.tuple(fc.array(fc.tuple(blank, tie('value'), blank), { maxLength: 4 }), blank).map(([items, inner]) => ({
    sent: `[${items.map(([before, item, after]) => before + item.sent + after).join(',') || inner}]`,
    compact: `[${items.map(([, item]) => item.compact).join(',')}]`,
  })),
  object: fc.tuple(membersOf(tie('value')), blank).map(([members, inner]) => ({
    sent: `{${members.map((member) => member.sent).join(',') || inner}}`,
    compact: `{${members.map((member) => `${JSON.stringify(member.name)}:${member.value.compact}`).join(',')}}`,
  })),
}));

/** Members with distinct names, `__proto__` and numbers among them. */
export interface NoisyMember {
  readonly name: string;
  readonly value: NoisyJson;
  readonly sent: string;
}

function membersOf(values: fc.Arbitrary<NoisyJson>): fc.Arbitrary<NoisyMember[]> {
  const name = fc.oneof(
    noisyString,
    fc.constantFrom('__proto__', 'constructor', '10', '9', 'a', 'B').map((text) => ({
      value: text,
      sent: JSON.stringify(text),
      compact: JSON.stringify(text),
    })),
  );
  return fc
    .uniqueArray(fc.tuple(name, values, blank, blank, blank, blank), {
      selector: ([{ value: own }]) => own,
      maxLength: 5,
    })
    .map((members) =>
      members.map(([own, member, a, b, c, d]) => ({
        name: own.value,
        value: member,
        sent: `${a}${own.sent}${b}:${c}${member.sent}${d}`,
      })),
    );
}

/** The members of a body, three levels deep at most below them. */
export const noisyMembers: fc.Arbitrary<NoisyMember[]> = membersOf(value);
