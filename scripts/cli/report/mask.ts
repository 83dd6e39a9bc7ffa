/** A body without its login data: reports are passed around. */
export function maskBody(text: string): string {
  return text.replaceAll(
    /("(?:userName|password|clientSecret|Apikey|mobilePhone|email)"\s*:\s*")(?:[^"\\]|\\.)*"/g,
    '$1••••"',
  );
}

/** An address without personal values. */
export function maskUrl(url: string): string {
  return url.replaceAll(/\b(mobilePhone|email|userName)=[^&]*/g, '$1=••••');
}
