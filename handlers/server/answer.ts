import type { ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/**
 * Writes a function's answer as API Gateway would: header names as they are spelt, each cookie a header of its own.
 * @param closes ends the connection with this answer
 */
export function writeAnswer(
  response: ServerResponse,
  {
    statusCode = 200,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded = false,
  }: APIGatewayProxyStructuredResultV2,
  closes = false,
): void {
  if (response.destroyed) return; // nobody listens any more
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  response.setHeader('Content-Length', bytes.length);
  if (closes) response.setHeader('Connection', 'close');
  response.writeHead(statusCode);
  response.end(bytes);
}
