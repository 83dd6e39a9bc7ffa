/** A price in US dollars, and where and when it was read. */
export interface Price {
  readonly dollars: number;
  /** Unit of the price. */
  readonly per: string;
  readonly source: string;
}

/** Day on which the prices were looked up. */
export const PRICES_DATE = '2026-11-30';

const dynamodb = 'https://airbyte.com/data-engineering-resources/dynamodb-pricing';
const serverless = 'https://appropri8-astro.pages.dev/tutorials/2025/12/02/deploying-simple-api-aws/page/7';
const cloudwatch = 'https://cloudburn.io/blog/amazon-cloudwatch-pricing';

/** List prices of AWS in US East (N. Virginia), without the free tier; other regions ask for up to a quarter more. */
export const AWS_PRICES = {
  gateway: { dollars: 1, per: '1 000 000 calls of the HTTP API', source: serverless },
  requests: { dollars: 0.2, per: '1 000 000 runs of functions', source: serverless },
  compute: { dollars: 16.6667, per: '1 000 000 GB-seconds of functions', source: serverless },
  writes: { dollars: 0.625, per: '1 000 000 write request units', source: dynamodb },
  reads: { dollars: 0.125, per: '1 000 000 read request units', source: dynamodb },
  storage: {
    dollars: 0.25,
    per: 'GB of table and month',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  logs: { dollars: 0.5, per: 'GB taken into the log', source: cloudwatch },
  alarms: { dollars: 0.1, per: 'alarm and month', source: cloudwatch },
  metrics: { dollars: 0.3, per: 'metric of one’s own and month', source: cloudwatch },
} as const satisfies Readonly<Record<string, Price>>;
