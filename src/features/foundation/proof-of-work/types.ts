/** The action and the sender that a challenge is valid for. */
export interface Purpose {
  office: number;
  procedure: string;
  channel: string;
  language: string;
  /** The start of the time to hold, or the form of the wait list. */
  what: string;
  /** A keyed hash of the network address. */
  sender: Buffer;
}

/** A challenge for a browser. */
export interface Challenge {
  /** Returned with the answer. */
  ticket: string;
  /** SHA-256, in hexadecimal, of `salt.number`; the number to find is below `below`. */
  target: string;
  salt: string;
  below: number;
}

export type Verdict =
  | { verdict: 'passed' }
  /** There is no answer, and the wait isn't over. After so many seconds, the same challenge is valid. */
  | { verdict: 'early'; seconds: number; challenge: Challenge }
  /** Expired, forged, made for another action, or with a wrong answer. */
  | { verdict: 'void' };
