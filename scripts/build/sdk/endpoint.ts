/** What the client knows when it looks for an endpoint. */
interface EndpointParameters {
  readonly Endpoint?: string | undefined;
  readonly Region?: string | undefined;
  readonly UseFIPS?: boolean | undefined;
  readonly UseDualStack?: boolean | undefined;
}

const OTHER_PARTITION = /^(us|eu)-iso|^eusc-/;

/**
 * Stands in for the DynamoDB client's endpoint rules: the regional endpoints of the public, Chinese and GovCloud
 * partitions. Endpoints by account need an account id with the credentials, and the environment gives none.
 * Source: https://docs.aws.amazon.com/general/latest/gr/ddb.html
 */
export function defaultEndpointResolver({ Endpoint, Region, UseFIPS, UseDualStack }: EndpointParameters): { url: URL } {
  if (Endpoint) return { url: new URL(Endpoint) };
  if (!Region || OTHER_PARTITION.test(Region)) {
    throw new Error(`The bundle knows no DynamoDB endpoint for region "${Region}": set AWS_ENDPOINT_URL_DYNAMODB.`);
  }
  // GovCloud's ordinary endpoints are FIPS endpoints already.
  const isFipsApart = UseFIPS && (UseDualStack || !Region.startsWith('us-gov-'));
  const host = `dynamodb${isFipsApart ? '-fips' : ''}.${Region}`;
  const isChina = Region.startsWith('cn-');
  if (UseDualStack) return { url: new URL(`https://${host}.api.${isChina ? 'amazonwebservices.com.cn' : 'aws'}`) };
  return { url: new URL(`https://${host}.amazonaws.com${isChina ? '.cn' : ''}`) };
}
