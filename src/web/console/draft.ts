import { isEmptyItem } from '../../features/attention/rules.ts';
import {
  type AttentionDraft,
  type AttentionItem,
  type Dossier,
  IDENTITY_CHECKS,
} from '../../features/attention/types.ts';
import type { Form } from '../form.ts';
import type { DeskVisit } from './visit.tsx';

/** What the form says, with the rows that were left empty. */
export interface TypedDraft extends AttentionDraft {
  version: number;
}

const EMPTY: AttentionItem = {
  kind: 'procedure',
  procedure: null,
  query: null,
  label: '',
  outcome: '',
};
export const emptyItem = (): AttentionItem => ({ ...EMPTY });

/** The first row of an attention that was just opened: what was booked. */
function firstItem({ body }: DeskVisit, { appointment }: Dossier): AttentionItem {
  const procedure = body.procedure(appointment.procedure);
  const kind = procedure?.kind === 'information' ? 'query' : 'procedure';
  return { ...EMPTY, kind, procedure: appointment.procedure };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
const lines = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();

export function readDraft(form: Form): TypedDraft {
  const rows = Math.min(Number(form.text('rows')) || 0, 30);
  const identity = form.text('identity');
  return {
    version: Number(form.text('version')) || 0,
    items: Array.from({ length: rows }, (_, index) => readItem(form, index)),
    identity: IDENTITY_CHECKS.find((each) => each === identity) ?? null,
    identityNote: oneLine(form.text('identityNote')),
    notes: lines(form.text('notes')),
    wrapUp: form.text('wrapUp') || null,
    points: form.all('points'),
  };
}

function readItem(form: Form, index: number): AttentionItem {
  const [list, code = ''] = form.text(`item-${index}-what`).split(':');
  const isQuery = list === 'q' || form.text(`item-${index}-kind`) === 'query';
  return {
    kind: isQuery ? 'query' : 'procedure',
    procedure: list === 'p' ? code : null,
    query: list === 'q' ? code : null,
    label: oneLine(form.text(`item-${index}-label`)),
    outcome: form.text(`item-${index}-outcome`),
  };
}

/** A draft as it is kept: without the rows in which nothing was filled in. */
export function kept({ version: _, ...draft }: TypedDraft): AttentionDraft {
  return { ...draft, items: draft.items.filter((each) => !isEmptyItem(each)) };
}

/** What stands in the form: what was saved, or what was booked when nothing was yet. */
export function draftOf(visit: DeskVisit, dossier: Dossier): TypedDraft {
  const { attention } = dossier;
  if (!attention)
    return {
      version: 0,
      items: [firstItem(visit, dossier)],
      identity: null,
      identityNote: '',
      notes: '',
      wrapUp: null,
      points: [],
    };
  const isNew = attention.version === 1;
  return { ...attention, items: isNew ? [firstItem(visit, dossier)] : attention.items };
}
