import { bookedBundle } from '../../../domain/office/bundle.ts';
import {
  firstItems,
  isEmptyItem,
  LONGEST,
  MOST_ITEMS,
  usualOutcome,
} from '../../../features/service/encounter/rules.ts';
import {
  type Dossier,
  type DraftPart,
  type Encounter,
  type EncounterDraft,
  type EncounterItem,
  IDENTITY_CHECKS,
} from '../../../features/service/encounter/types.ts';
import { type Form, onOneLine } from '../../form.ts';
import type { DeskVisit } from '../visit.tsx';

/** The values of the form, with the empty rows. */
export interface TypedDraft extends EncounterDraft {
  version: number;
  /** The saved values of that version. */
  base: EncounterDraft | undefined;
}

const EMPTY: EncounterItem = {
  kind: 'procedure',
  procedure: null,
  query: null,
  label: '',
  outcome: '',
};
export const emptyItem = (): EncounterItem => ({ ...EMPTY });

/** Returns the identity check that the booked procedures imply: none is needed. Any other one is for the agent to say. */
const impliedCheck = ({ office }: DeskVisit, { appointment }: Dossier): 'none' | null =>
  (bookedBundle(office, appointment)?.identity ?? 'none') === 'none' ? 'none' : null;

/** The maximum number of ticks in a form; far more than a check-list has. */
const MOST_POINTS = 200;

export function readDraft(form: Form): TypedDraft {
  const rows = Math.min(Number(form.text('rows')) || 0, 30);
  const identity = form.text('identity');
  return {
    version: Number(form.text('version')) || 0,
    base: readBase(form.text('base')),
    items: Array.from({ length: rows }, (_, index) => readItem(form, index)),
    identity: IDENTITY_CHECKS.find((each) => each === identity) ?? null,
    identityNote: form.line('identityNote'),
    notes: form.lines('notes'),
    wrapUp: form.text('wrapUp') || null,
    points: form.all('points').slice(0, MOST_POINTS),
  };
}

function readItem(form: Form, index: number): EncounterItem {
  const [list, code = ''] = form.text(`item-${index}-what`).split(':');
  const isQuery = list === 'q' || form.text(`item-${index}-kind`) === 'query';
  return {
    kind: isQuery ? 'query' : 'procedure',
    procedure: list === 'p' ? code : null,
    query: list === 'q' ? code : null,
    label: form.line(`item-${index}-label`),
    outcome: form.text(`item-${index}-outcome`),
  };
}

/** Returns a draft as it is saved: without empty rows. */
export function kept({ version: _, base: __, ...draft }: TypedDraft): EncounterDraft {
  return { ...draft, items: draft.items.filter((each) => !isEmptyItem(each)) };
}

/** Returns the form's values: the saved ones, or the booked procedures when nothing was saved yet. */
export function draftOf(visit: DeskVisit, dossier: Dossier): TypedDraft {
  const { encounter } = dossier;
  const items = firstItems(visit.office, dossier.appointment);
  if (!encounter) {
    const texts = { identityNote: '', notes: '' };
    const nothing = { ...texts, identity: impliedCheck(visit, dossier), wrapUp: null, points: [] };
    return { ...nothing, version: 0, base: undefined, items };
  }
  const { version } = encounter;
  const draft = onlyDraft(encounter);
  // The first opening begins with the booked procedures.
  const begun = version === 1 ? { ...draft, items, identity: impliedCheck(visit, dossier) } : draft;
  return { ...begun, version, base: begun };
}

const onlyDraft = (encounter: Encounter): EncounterDraft => ({
  items: encounter.items,
  identity: encounter.identity,
  identityNote: encounter.identityNote,
  notes: encounter.notes,
  wrapUp: encounter.wrapUp,
  points: encounter.points,
});

/** Returns the saved values as the form carries them. */
export const baseText = (base: EncounterDraft | undefined): string =>
  base ? JSON.stringify(base) : '';

/** Returns the saved values that a form carries; undefined without any. */
function readBase(text: string): EncounterDraft | undefined {
  try {
    const given: unknown = JSON.parse(text);
    return isGroup(given) ? baseIn(given) : undefined;
  } catch {
    return undefined;
  }
}

function baseIn(given: Record<string, unknown>): EncounterDraft {
  const textIn = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const listIn = (name: string): unknown[] => (Array.isArray(given[name]) ? given[name] : []);
  return {
    items: listIn('items').filter(isGroup).map(itemIn),
    identity: IDENTITY_CHECKS.find((each) => each === given.identity) ?? null,
    identityNote: textIn('identityNote'),
    notes: textIn('notes'),
    wrapUp: textIn('wrapUp') || null,
    points: listIn('points').filter((each) => typeof each === 'string'),
  };
}

function itemIn({
  kind,
  procedure,
  query,
  label,
  outcome,
}: Record<string, unknown>): EncounterItem {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    kind: kind === 'query' ? 'query' : 'procedure',
    procedure: text(procedure) || null,
    query: text(query) || null,
    label: text(label),
    outcome: text(outcome),
  };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a draft with the picked item in one more row; it takes the place of an empty row. */
export function withPicked<D extends EncounterDraft>(
  { office }: DeskVisit,
  draft: D,
  pick: string,
): D {
  const [list, ...rest] = pick.split(':');
  const code = onOneLine(rest.join(':')).slice(0, LONGEST.label);
  const items = draft.items.filter((each) => !isEmptyItem(each));
  if (code === '' || items.length >= MOST_ITEMS) return draft;
  const kind = list === 'p' ? 'procedure' : 'query';
  const item: EncounterItem = {
    kind,
    procedure: list === 'p' || list === 'ap' ? code : null,
    query: list === 'q' ? code : null,
    label: list === 'w' ? code : '',
    outcome: usualOutcome(kind, office.settings.outcomes),
  };
  return { ...draft, items: [...items, item] };
}

/** Returns a draft with the other person's text in one part, or with both texts. */
export function withTheirs<D extends TypedDraft>(
  draft: D,
  part: DraftPart,
  how: 'take' | 'both',
): D {
  const { base } = draft;
  if (!base) return draft;
  if (how === 'both' && part === 'notes')
    return { ...draft, notes: [base.notes, draft.notes].filter(Boolean).join('\n') };
  if (how === 'both' && part === 'items')
    return { ...draft, items: [...base.items, ...draft.items] };
  return { ...draft, [part]: base[part] };
}

/** Returns the typed values merged with the other person's, based on the saved version. */
export function met(merged: EncounterDraft, current: Encounter): TypedDraft {
  return { ...merged, version: current.version, base: onlyDraft(current) };
}
