import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, type Statement } from './template.ts';

/** A call of an AWS service that needs a right. */
export interface AccessRequest {
  /** Logical id of the role that calls. */
  readonly role: string;
  /** Such as `dynamodb:GetItem`. */
  readonly action: string;
  /** Address of what it is done to; `*` for actions that know no resources. */
  readonly resource: string;
  /** Partition keys that the call names; absent where it names none. */
  readonly leadingKeys?: readonly string[];
}

/** Decides on calls by the roles' statements, and remembers what it denied. */
export interface Access {
  readonly denied: readonly AccessRequest[];
  isAllowed(request: AccessRequest): Promise<boolean>;
}

/** Partition keys that statements may name: those of a kind, or one alone. Then keys of a kind are all judged alike. */
const GROUPED = /^(?:[^#*?]+#\*|[^#*?]+)$/;

/**
 * Makes the judge of calls out of statements by role. The simulator decides, and is asked once for all calls that differ
 * in nothing but the part of their keys behind the kind.
 * @throws Error if a statement looks at more of a key than that
 */
export function createAccess(roles: ReadonlyMap<string, readonly Statement[]>): Access {
  for (const statements of roles.values()) requireGrouped(statements);
  const denied: AccessRequest[] = [];
  const decisions = new Map<string, Promise<boolean>>();
  return {
    denied,
    isAllowed: async (request) => {
      const { role, action, resource, leadingKeys } = request;
      const kinds = leadingKeys && [...new Set(leadingKeys.map(kindOf))].sort();
      const group = JSON.stringify([role, action, resource, kinds]);
      const decision = decisions.get(group) ?? simulate(request, roles.get(role) ?? []);
      decisions.set(group, decision);
      const isAllowed = await decision;
      if (!isAllowed) denied.push(request);
      return isAllowed;
    },
  };
}

function kindOf(key: string): string {
  const end = key.indexOf('#');
  return end < 0 ? key : key.slice(0, end + 1);
}

function requireGrouped(statements: readonly Statement[]): void {
  for (const { Condition = {} } of statements) {
    for (const keys of Object.values(Object(Condition)) as Readonly<Record<string, unknown>>[]) {
      for (const pattern of [keys['dynamodb:LeadingKeys'] ?? []].flat()) {
        if (GROUPED.test(String(pattern))) continue;
        throw new Error(
          `Expected KIND#* or KIND for dynamodb:LeadingKeys, found ${pattern}: scripts/evidence/lambda/access.ts.`,
        );
      }
    }
  }
}

async function simulate(request: AccessRequest, Statement: readonly Statement[]): Promise<boolean> {
  const { role, action, resource, leadingKeys } = request;
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: leadingKeys === undefined ? {} : { 'dynamodb:LeadingKeys': [...leadingKeys] },
      },
      identityPolicies: [{ name: role, policy: { Version: '2012-10-17', Statement } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType !== 'error') return result.overallResult === 'Allowed';
  throw new Error(`The simulator cannot judge ${action} on ${resource} by ${role}: ${JSON.stringify(result.errors)}`);
}
