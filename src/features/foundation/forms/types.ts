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

/** The version of a form with which new cases of a procedure begin. */
export interface OfferedForm {
  /** Codes. */
  office: string;
  procedure: string;
  published: PublishedForm;
}

/**
 * A change of what an office offers, by its code and that of the procedure. `published`: the form becomes another version; `before`: the
 * one until then, null where there is none. `ended`: no new case begins with the form; cases that have begun stay on their version.
 */
export type FormChange =
  | {
      kind: 'published';
      office: string;
      procedure: string;
      form: Form;
      sha256: string;
      before: PublishedForm | null;
    }
  | { kind: 'ended'; office: string; procedure: string; before: PublishedForm };

/**
 * `same`: the version that is offered has this content already. `no_procedure`: the office offers no procedure with this code.
 */
export type PublishResult =
  | { ok: true; isNew: boolean; number: number }
  | { ok: false; reason: 'no_procedure' };
