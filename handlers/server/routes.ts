/** Route of the public listener. */
export type Route =
  | { readonly kind: 'produce' | 'login'; readonly routeKey: string; readonly parameters: Record<string, string> }
  | { readonly kind: 'root' | 'health' };

/**
 * Finds the route of a path, as the HTTP API of serverless.yml would.
 * @returns undefined where there is nothing
 */
export function routeOf(method: string, path: string, hasLogin: boolean): Route | undefined {
  const reads = method === 'GET' || method === 'HEAD';
  if (path === '/') return reads ? { kind: 'root' } : undefined;
  if (path === '/healthz') return reads ? { kind: 'health' } : undefined;
  const produce = /^\/produce\/(.+)$/s.exec(path);
  if (produce !== null) {
    const product = decoded(produce[1]);
    if (product === undefined) return undefined;
    return { kind: 'produce', routeKey: 'ANY /produce/{product+}', parameters: { product } };
  }
  const login = hasLogin && method === 'GET' ? /^\/login\/([^/]+)\/([^/]+)$/.exec(path) : null;
  const [product, step] = login === null ? [] : [decoded(login[1]), decoded(login[2])];
  if (product === undefined || step === undefined) return undefined;
  return { kind: 'login', routeKey: 'GET /login/{product}/{step}', parameters: { product, step } };
}

function decoded(part = ''): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
