import { Mistake, type Parse } from '../environment.ts';
import { namesIn } from '../fill.ts';

/** Headers of a request in JSON. */
export const headers: Parse<Record<string, string>> = (text) => {
  const mistake = new Mistake('must be headers in JSON, such as {"Authorization":"Bearer …"}');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mistake;
    const entries = Object.entries(value);
    if (entries.some(([, each]) => typeof each !== 'string')) return mistake;
    new Headers(entries); // throws when a name or a value is invalid
    return Object.fromEntries(entries);
  } catch {
    return mistake;
  }
};

const FILLED = ['to', 'digits', 'text', 'id', 'sender'];

/** The body of a request to a gateway, with blanks. */
export const messageBody: Parse<string> = (text) => {
  const names = namesIn(text);
  const isWhole = names.includes('text') && (names.includes('to') || names.includes('digits'));
  if (!isWhole || names.some((each) => !FILLED.includes(each)))
    return new Mistake(
      'must have {text} and {to} (or {digits}) in it, and may have {id} and {sender}',
    );
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return new Mistake('begins as JSON and is none');
  }
};

/** A regular expression. */
export const expression: Parse<RegExp> = (text) => {
  try {
    return new RegExp(text, 'u');
  } catch {
    return new Mistake('must be a regular expression');
  }
};

/** What telephone numbers begin with. */
export const prefixes: Parse<string[]> = (text) => {
  const all = text.split(',').map((each) => each.trim());
  return all.every((each) => /^\+[1-9]\d{0,6}$/.test(each))
    ? all
    : new Mistake('must be what numbers begin with, such as +34,+376,+33');
};
