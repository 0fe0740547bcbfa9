import type { SigningFailure } from '../../features/service/signatures/types.ts';

/** Ends an attempt inside an adapter, which answers it as a failure. `code`: for logs, without personal data. */
export class NotSigned extends Error {
  readonly reason: SigningFailure;
  readonly code: string;

  constructor(reason: SigningFailure, code: string) {
    super(code);
    this.reason = reason;
    this.code = code;
  }
}
