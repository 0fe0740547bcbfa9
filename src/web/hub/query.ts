import { companyIn, nifIn, type PersonId } from '../../domain/identity.ts';
import type { Asked } from '../../features/service/hub-folder/types.ts';
import { nearestDay } from '../../lib/calendar/near.ts';

/** A question of the hub, as its documentation writes it ("Consulta de cites prèvies"). */
export interface Question extends Asked {
  /** The town that it is for; null: the one that is asked. */
  ine10: string | null;
  dir3: string | null;
}

/** A question, or the name of the parameter that is wrong: never its value, which may be somebody's NIF. */
export type Parsed = { ok: true; question: Question } | { ok: false; parameter: string };

const TYPES = ['NIF', 'NIE', 'PASSAPORT'];

/** Reads the question from the query of an address. A parameter that is given twice is wrong. */
export function questionIn(query: URLSearchParams): Parsed {
  const once = (name: string) => {
    const values = query.getAll(name);
    if (values.length > 1) throw new WrongParameter(name);
    return values[0]?.trim() || null;
  };
  const formed = (name: string, pattern: RegExp) => {
    const value = once(name);
    if (value !== null && !pattern.test(value)) throw new WrongParameter(name);
    return value;
  };
  try {
    const type = once('tipusDocumentIdentificatiu');
    if (!type || !TYPES.includes(type)) throw new WrongParameter('tipusDocumentIdentificatiu');
    const id = identifierOf(once('documentIdentificatiu') ?? '', type);
    if (id === undefined) throw new WrongParameter('documentIdentificatiu');
    const from = dayIn('dataInici', once('dataInici'));
    const to = dayIn('dataFi', once('dataFi'));
    if (from && to && Temporal.PlainDate.compare(from, to) > 0) throw new WrongParameter('dataFi');
    // The documentation has codes of nine digits too: those whose first one, 0, was lost.
    const ine10 = formed('codiINE10', /^\d{9,10}$/)?.padStart(10, '0') ?? null;
    const dir3 = formed('codiDIR3Organisme', /^[A-Z\d]{9}$/);
    return { ok: true, question: { id, from, to, ine10, dir3 } };
  } catch (error) {
    if (error instanceof WrongParameter) return { ok: false, parameter: error.message };
    throw error;
  }
}

/** Has the name of the parameter as its message. */
class WrongParameter extends Error {}

/**
 * Returns the person; null for a right identifier by which the service finds nobody: that of an organisation, or a passport, whose country
 * the hub doesn't give; undefined: it isn't one.
 */
function identifierOf(text: string, type: string): PersonId | null | undefined {
  if (type === 'PASSAPORT') return /^[A-Za-z\d .-]{4,40}$/.test(text) ? null : undefined;
  const id = nifIn(text);
  if (id) return type === 'NIE' && id.scheme !== 'nie' ? undefined : id;
  return type === 'NIF' && companyIn(text) ? null : undefined;
}

function dayIn(name: string, text: string | null): Temporal.PlainDate | null {
  if (text === null) return null;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return nearestDay(Temporal.PlainDate.from(text));
  } catch {
    // A day that the calendar doesn't have.
  }
  throw new WrongParameter(name);
}
