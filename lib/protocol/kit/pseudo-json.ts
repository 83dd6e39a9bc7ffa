import { findFault } from '../json-text.ts';

/**
 * A whole string, or a bare name and what precedes it. A quote that nothing closes takes the rest of the text with it:
 * looking for its end again from every later quote would take time with the square of the length.
 */
const STRING_OR_NAME = /"(?:[^"\\]|\\.)*(?:"|$)|([{,]\s*)([A-Za-z_$][\w$]*)(?=\s*:)/gs;

/**
 * The value of a JSON text whose member names may stand without quotes, as the documentation's allOrgSync example prints
 * them: `[{orgCode:"100",orgName:"Research"}]`. Everything else is as strict as in JSON. Undefined if it is neither, or
 * repeats a name, or is nested too deeply.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649437.html
 */
export function readPseudoJson(text: string): unknown {
  return parse(text) ?? parse(text.replace(STRING_OR_NAME, quoteName));
}

function quoteName(match: string, before: string | undefined, name: string | undefined): string {
  return name === undefined ? match : `${before}"${name}"`;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return findFault(text) === undefined ? value : undefined;
  } catch {
    // no JSON
  }
}
