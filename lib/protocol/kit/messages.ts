import * as v from 'valibot';
import { checkMembers } from '../check-members.ts';
import { isObject } from '../json.ts';
import { id } from '../message-fields.ts';
import { isTestCall } from '../messages.ts';
import { type Department, departmentMembers, findTreeFault, withOrgName } from './department.ts';
import { common, flagUpTo, label, list, optionalLabel, syncTime } from './fields.ts';
import { refuseForeignMembers } from './own-members.ts';
import { type KitUser, user } from './user.ts';

/**
 * The five calls of the Kit, V2 and V1 alike. Times are Unix milliseconds. A call that deletes needs its key alone: what
 * it deletes may never have been here.
 * Sources: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649433.html (tenantSync),
 * …434 (applicationSync), …435 (authSync), …436 (singleOrgSync), …437 (allOrgSync); V1: …109 to …113
 */

const change = flagUpTo(2);

/** One schema for calls that delete, another one for the rest, told apart before anything else is looked at. */
function byFlag<G extends v.GenericSchema<unknown, object>, K extends v.GenericSchema<unknown, object>>(
  gone: G,
  kept: K,
) {
  return v.lazy((input): G | K => (isObject(input) && Number(input.flag) === 0 ? gone : kept));
}

const tenantKey = { ...common, flag: change };
const tenantSync = byFlag(
  v.object({ ...tenantKey, orderId: optionalLabel }),
  v.object({ ...tenantKey, orderId: optionalLabel, tenantCode: label, name: label, domainName: label }),
);

const applicationKey = { ...common, flag: change, appId: id };
const applicationSync = byFlag(
  v.object({ ...applicationKey, clientId: optionalLabel }),
  v.object({ ...applicationKey, clientId: label, clientSecret: label }),
);

/** As many as the body has room for: the page of V2 names no most, and who keeps to V1's 500 is served as well. */
const users = v.pipe(
  list,
  v.array(user),
  // A user named twice: the later entry is the newer one.
  v.transform((all): KitUser[] => [...new Map(all.map((one) => [one.userName, one])).values()]),
);
const authSync = v.pipe(
  v.object({ ...common, flag: flagUpTo(3), appId: id, userList: users, currentSyncTime: syncTime }),
  v.transform(({ userList, ...rest }) => ({ ...rest, users: userList })),
);

const departmentKey = { ...common, flag: change, orgCode: id };
const singleOrgSync = v.pipe(
  v.unknown(),
  v.transform(withOrgName),
  byFlag(
    v.object(departmentKey),
    v.pipe(
      v.object({ ...departmentKey, ...departmentMembers }),
      v.forward(
        v.check(({ orgCode, parentCode }) => orgCode !== parentCode, 'must not be the department itself'),
        ['parentCode'],
      ),
    ),
  ),
);

const departments = v.pipe(
  list,
  v.array(v.pipe(v.unknown(), v.transform(withOrgName), v.object(departmentMembers, 'must be an object'))),
  v.rawCheck<Department[]>(({ dataset, addIssue }) => {
    const fault = dataset.typed ? findTreeFault(dataset.value) : undefined;
    if (fault !== undefined) addIssue({ message: fault });
  }),
);
const allOrgSync = v.pipe(
  v.unknown(),
  v.transform((members) => {
    if (!isObject(members) || members.orgInfoList !== undefined || members.orgInfo === undefined) return members;
    return { ...members, orgInfoList: members.orgInfo }; // V1's name
  }),
  v.object({ ...common, orgInfoList: departments }),
  v.transform(({ orgInfoList, ...rest }) => ({ ...rest, departments: orgInfoList })),
);

const SCHEMAS = { tenantSync, applicationSync, authSync, singleOrgSync, allOrgSync };

/** Name of a Kit call: the last segment of its path. */
export type KitActivityName = keyof typeof SCHEMAS;

/** A checked call of one kind; `flag` says what it does to its record. */
export type KitMessageOf<A extends KitActivityName> = Readonly<
  { activity: A; testFlag: boolean } & v.InferOutput<(typeof SCHEMAS)[A]>
>;

/** A checked call of any kind; `activity` tells which. */
export type KitMessage = { [A in KitActivityName]: KitMessageOf<A> }[KitActivityName];

/**
 * Meaning of a path below a product's own. Source:
 * https://support.huaweicloud.com/distributed-devg-v2-imc/imc_01_0005.html
 */
export interface KitPath {
  readonly family: 'kit-v2' | 'kit-v1';
  readonly activity: KitActivityName;
}

const PATHS: ReadonlyMap<string, KitPath> = new Map(
  (Object.keys(SCHEMAS) as KitActivityName[]).flatMap((activity): [string, KitPath][] => [
    [`produceAPI/v2/${activity}`, { family: 'kit-v2', activity }],
    [`produceAPI/${activity}`, { family: 'kit-v1', activity }],
  ]),
);

/** The call that a path below the product's stands for: `produceAPI/v2/tenantSync` and the like, V1 without `v2/`. */
export function readKitPath(path: string): KitPath | undefined {
  return PATHS.get(path);
}

/**
 * The typed message of a verified body.
 * @throws Refusal 000002 that names the first member which is missing, not as documented, or another call's.
 */
export function parseKitMessage<A extends KitActivityName>(
  activity: A,
  body: Readonly<Record<string, unknown>>,
): KitMessageOf<A> {
  refuseForeignMembers(activity, body);
  const members: v.InferOutput<(typeof SCHEMAS)[A]> = checkMembers(SCHEMAS[activity], body);
  return { activity, testFlag: isTestCall(body), ...members };
}
