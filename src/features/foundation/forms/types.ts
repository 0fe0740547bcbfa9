import type { Form } from '../../../domain/form/schema.ts';

/** A form as it was published. It never changes. */
export interface PublishedForm {
  id: number;
  /** The id of its procedure. */
  procedure: number;
  /** 1, 2, 3 … of the procedure. */
  number: number;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
  publishedAt: Temporal.Instant;
  form: Form;
}

/** `same`: the newest version has this content already. `no_procedure`: the office offers no procedure with this code. */
export type PublishResult =
  | { ok: true; isNew: boolean; number: number }
  | { ok: false; reason: 'no_procedure' };
