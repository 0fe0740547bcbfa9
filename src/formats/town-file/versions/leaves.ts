import { isGroup } from '../changes/same.ts';
import type { Writing } from '../writing/written.ts';

/**
 * What an office declares, one value for each path: `procedures.volant-padro.name.ca`. Lists of things with codes have a path for each
 * thing, and their order at `procedures.#`. Other lists are one value.
 */
export type Leaves = ReadonlyMap<string, unknown>;

/** The last step of the path of an order. */
export const ORDER = '#';

/** Things by code, in an order that counts. */
const ORDERED = new Set([
  'themes',
  'queries',
  'sites',
  'acts',
  'outcomes',
  'wrapUpCodes',
  'procedures',
  'desks',
]);

/**
 * The parts of an office that its versions leave out. Rotas have a history of their own, and say why somebody is away. The others name
 * people, or are in no form of the administration (docs/adr/0078).
 */
const LEFT_OUT = [
  'timeZone',
  'shifts',
  'absences',
  'habilitated',
  'teams',
  'chat',
  'requests',
] as const;
const LEFT_OUT_BELOW = [
  ['phone', 'exchange'],
  ['video', 'captions'],
] as const;

/** Returns the leaves of an office, as it is written in full. */
export function leavesOf(office: Writing): Leaves {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(versioned(office))) addLeaves(leaves, key, value, true);
  return leaves;
}

/** Returns the office that has these leaves: the opposite of `leavesOf`. The parts that versions leave out are missing. */
export function writtenFrom(leaves: Leaves): Writing {
  const root: Branch = { value: undefined, children: new Map() };
  for (const [path, value] of leaves) {
    const at = path.split('.').reduce(childOf, root);
    at.value = value;
  }
  return Object.fromEntries([...root.children].map(([key, each]) => [key, grown(each, true)]));
}

/** Returns the office with another declaration, and its own rotas, names and parts that no version has. */
export function withDeclared(
  office: Writing,
  leaves: Leaves,
  nameOf: (desk: string) => string,
): Writing {
  const declared = writtenFrom(leaves);
  const desks = Object.entries((declared.desks ?? {}) as Record<string, Writing>);
  const names = (office.desks ?? {}) as Record<string, Writing>;
  const stays = ({ desk }: { desk: string }) => desks.some(([code]) => code === desk);
  const rows = (key: 'shifts' | 'absences') =>
    office[key] === undefined ? {} : { [key]: (office[key] as { desk: string }[]).filter(stays) };
  const kept = LEFT_OUT.flatMap((key) => (office[key] === undefined ? [] : [[key, office[key]]]));
  const whole: Writing = {
    ...declared,
    ...Object.fromEntries(kept),
    ...rows('shifts'),
    ...rows('absences'),
    desks: Object.fromEntries(
      desks.map(([code, desk]) => [code, { ...desk, name: names[code]?.name ?? nameOf(code) }]),
    ),
  };
  for (const [part, key] of LEFT_OUT_BELOW) {
    const value = (office[part] as Writing | undefined)?.[key];
    if (value !== undefined)
      whole[part] = { ...(whole[part] as Writing | undefined), [key]: value };
  }
  return whole;
}

function versioned(office: Writing): Writing {
  const rest = JSON.parse(JSON.stringify(office)) as Writing;
  for (const key of LEFT_OUT) delete rest[key];
  for (const [part, key] of LEFT_OUT_BELOW) delete (rest[part] as Writing | undefined)?.[key];
  // A desk may have the name of a person.
  for (const desk of Object.values((rest.desks ?? {}) as Record<string, Writing>)) delete desk.name;
  return rest;
}

function addLeaves(leaves: Map<string, unknown>, path: string, value: unknown, isTop = false) {
  const things = isTop && ORDERED.has(path) ? value : codedIn(value);
  if (!isGroup(things) || Object.keys(things).length === 0) {
    leaves.set(path, value);
    return;
  }
  const isOrdered = things !== value || (isTop && ORDERED.has(path));
  if (isOrdered) leaves.set(`${path}.${ORDER}`, Object.keys(things));
  for (const [key, each] of Object.entries(things)) addLeaves(leaves, `${path}.${key}`, each);
}

/** Returns a list of things with codes as a group by code; any other value as it is. */
function codedIn(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  const codes = value.map((each) => (isGroup(each) ? each.code : undefined));
  const isCoded = codes.every((each) => typeof each === 'string' && each !== '');
  if (!isCoded || new Set(codes).size < codes.length) return value;
  return Object.fromEntries(value.map(({ code, ...rest }) => [code, rest]));
}

interface Branch {
  value: unknown;
  children: Map<string, Branch>;
}

function childOf({ children }: Branch, step: string): Branch {
  const known = children.get(step);
  if (known) return known;
  const child: Branch = { value: undefined, children: new Map() };
  children.set(step, child);
  return child;
}

/** Returns the value of a branch. Things that an order doesn't name come last; names without a thing are left out. */
function grown({ value, children }: Branch, isTop = false): unknown {
  if (children.size === 0) return value;
  const order = children.get(ORDER)?.value as string[] | undefined;
  const all = [...children].filter(([key]) => key !== ORDER);
  if (!order) return Object.fromEntries(all.map(([key, each]) => [key, grown(each)]));
  const listed = order.flatMap((key) => all.filter(([each]) => each === key));
  const things = [...listed, ...all.filter(([key]) => !order.includes(key))];
  return isTop
    ? Object.fromEntries(things.map(([key, each]) => [key, grown(each)]))
    : things.map(([code, each]) => ({ code, ...(grown(each) as Writing) }));
}
