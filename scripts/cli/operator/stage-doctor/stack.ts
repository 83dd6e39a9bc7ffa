import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';

/** Resource of a stack. */
export interface StackResource {
  readonly type: string;
  /** Name that CloudFormation gave it. */
  readonly id: string;
}

/** Resources of a stage that are deployed on AWS. */
export interface Stack {
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: Readonly<Record<string, string | undefined>>;
  readonly resources: readonly StackResource[];
}

/** Reads a stack with its outputs and resources; undefined if there is none of this name. @throws what AWS answers */
export async function readStack(name: string, region: string): Promise<Stack | undefined> {
  const client = new CloudFormationClient({ region });
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack === undefined) return undefined;
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]);
    return {
      status: String(stack.StackStatus),
      outputs: Object.fromEntries(outputs),
      resources: await resourcesOf(client, name),
    };
  } catch (error) {
    if (/does not exist/.test(String(Object(error).message))) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

async function resourcesOf(client: CloudFormationClient, name: string): Promise<readonly StackResource[]> {
  const found: StackResource[] = [];
  let from: string | undefined;
  do {
    const more = from === undefined ? {} : { NextToken: from };
    const answer = await client.send(new ListStackResourcesCommand({ StackName: name, ...more }));
    for (const { ResourceType = '', PhysicalResourceId = '' } of answer.StackResourceSummaries ?? []) {
      found.push({ type: ResourceType, id: PhysicalResourceId });
    }
    from = answer.NextToken;
  } while (from !== undefined);
  return found;
}
