/**
 * Looks whether CloudWatch would find the metrics in a log: each must be a line of JSON by itself, with nothing before it,
 * or no alarm ever rings.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @returns sentences on what CloudWatch would not find
 */
export function unreadMetrics(log: string): readonly string[] {
  const lines = log.split('\n').filter((line) => line.includes('"_aws"'));
  if (lines.length === 0) return ['Expected metrics in the log of the functions, found none.'];
  return lines.filter((line) => !isMetric(line)).map((line) => `Expected a metric, found: ${line.slice(0, 200)}`);
}

function isMetric(line: string): boolean {
  try {
    const document = JSON.parse(line);
    const [{ Namespace, Metrics }] = document._aws.CloudWatchMetrics;
    const names: readonly unknown[] = Metrics.map(({ Name }: { readonly Name: string }) => document[Name]);
    return typeof Namespace === 'string' && names.length > 0 && names.every((value) => typeof value === 'number');
  } catch {
    return false;
  }
}
