import * as v from 'valibot';

/** Building blocks of the V1.0 schemas: everything arrives as a text. Messages complete the sentence "<parameter> …". */

/** Any text; documented lengths are not enforced. */
export const text = v.exactOptional(v.string());

/** A whole number that is not negative: seats, gigabytes, periods. */
export const count = v.exactOptional(
  v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be a whole number'), v.transform(Number)),
);

/** A decimal number, kept as text so that no cent is lost. */
export const money = v.exactOptional(
  v.pipe(v.string(), v.regex(/^-?\d{1,20}(?:\.\d{1,20})?$/, 'must be a decimal number')),
);

/** A flag that says something with `1` alone. */
export const flag = v.optional(
  v.pipe(
    v.picklist(['0', '1'], 'must be 0 or 1'),
    v.transform((value) => value === '1'),
  ),
  '0',
);
