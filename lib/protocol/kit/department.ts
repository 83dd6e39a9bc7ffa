import { id, present } from '../message-fields.ts';
import { idOrEmpty, label } from './fields.ts';

/** A department of a tenant; `parentCode` is empty at the top. */
export interface Department {
  readonly orgCode: string;
  readonly orgName: string;
  readonly parentCode: string;
}

/** The members of a department under one name: pages spell it `orgName`, `OrgName` and (V1) `name`. */
export function withOrgName(value: unknown): unknown {
  const members = present(value);
  if (members === undefined) return undefined;
  const orgName = members.orgName ?? members.OrgName ?? members.name;
  return orgName === undefined ? members : { ...members, orgName };
}

export const departmentMembers = {
  orgCode: id,
  orgName: label,
  parentCode: idOrEmpty,
};

/**
 * Finds what is wrong with a set of departments taken as a whole; undefined when nothing is. A parent that is not among
 * them is nothing wrong: pages do not say that a list is complete.
 */
export function findTreeFault(departments: readonly Department[]): string | undefined {
  const parents = new Map<string, string>();
  for (const { orgCode, parentCode } of departments) {
    if (parents.has(orgCode)) return 'holds a department twice';
    if (orgCode === parentCode) return 'holds a department that is its own parent';
    parents.set(orgCode, parentCode);
  }
  return hasCycle(parents) ? 'holds departments that are parents of each other' : undefined;
}

/** Walks up from each department until the top or a department that is known to lead there: each is passed once. */
function hasCycle(parents: ReadonlyMap<string, string>): boolean {
  const settled = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Set<string>();
    for (let code: string | undefined = start; code !== undefined && !settled.has(code); code = parents.get(code)) {
      if (path.has(code)) return true;
      path.add(code);
    }
    for (const passed of path) settled.add(passed);
  }
  return false;
}
