import * as v from 'valibot';
import { isObject } from '../json.ts';
import { id } from '../message-fields.ts';
import { label, listed, optionalLabel } from './fields.ts';
import { readPseudoJson } from './pseudo-json.ts';

/**
 * A user of a tenant. Only `userName` must be there, since one result answers a whole list and one incomplete user must
 * not cost the others their login. What V1 puts into `extension` is lifted out of it.
 * Source: https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649435.html
 */
export const user = v.pipe(
  listed,
  v.object(
    {
      userName: id,
      name: optionalLabel,
      orgCode: optionalLabel,
      position: optionalLabel,
      employeeCode: optionalLabel,
      employeeType: v.exactOptional(v.unknown()),
      role: v.optional(label, 'user'),
      enable: v.optional(
        v.pipe(
          v.union([v.picklist(['true', 'false']), v.boolean()], 'must be "true" or "false"'),
          v.transform((value) => value === 'true' || value === true),
        ),
        true,
      ),
      mobile: optionalLabel,
      email: optionalLabel,
      workPlace: optionalLabel,
      entryDate: optionalLabel,
      extension: v.exactOptional(v.unknown()),
    },
    'must be an object',
  ),
  v.transform(({ employeeType, extension, workPlace, entryDate, ...rest }) => {
    const extra = readExtension(extension);
    return {
      ...rest,
      ...withValue('employeeType', toEmployeeType(employeeType ?? extra?.employeeType)),
      ...withValue('workPlace', workPlace ?? toText(extra?.workPlace)),
      ...withValue('entryDate', entryDate ?? toText(extra?.entryDate)),
      ...withValue('extension', extra),
    };
  }),
);

/** A checked user; `employeeType`: 1 regular, 2 intern, 3 dispatched, 4 outsourced. `role` is `user` or `admin`. */
export type KitUser = Readonly<v.InferOutput<typeof user>>;

function readExtension(value: unknown): Record<string, unknown> | undefined {
  const object = typeof value === 'string' ? readPseudoJson(value) : value;
  return isObject(object) ? object : undefined;
}

function toEmployeeType(value: unknown): number | undefined {
  return (typeof value === 'number' || typeof value === 'string') && /^\d{1,11}$/.test(String(value))
    ? Number(value)
    : undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function withValue<N extends string, T>(name: N, value: T | undefined): { readonly [K in N]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]?: T });
}
