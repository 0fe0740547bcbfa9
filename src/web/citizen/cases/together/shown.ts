import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../../lib/envelope/canonical-json.ts';
import type { Form as Sent } from '../../../form.ts';

/** The field with which a page says again that it sends one answer alone: the name of its fields. */
export const ONLY = 'only';

/** Returns the name of the field that says which answer a page showed. */
export const wasName = (field: string): string => `was-${field}`;

/** Returns what tells an answer from another one, short. */
export const digestOf = (answer: unknown): string =>
  createHash('sha256')
    .update(answer === undefined ? 'none' : canonicalJson(answer))
    .digest('base64url')
    .slice(0, 16);

/**
 * Returns whether what was sent of a question changes it: it is not what the page showed, which another hand may have changed since, and where
 * one answer alone is sent, it is that one.
 */
export function isChanged(sent: Sent, field: string, answer: unknown): boolean {
  if (sent.has(ONLY) && sent.text(ONLY) !== field) return false;
  return sent.text(wasName(field)) !== digestOf(answer);
}
