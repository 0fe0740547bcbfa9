/** A message that was taken from an outbox to be sent. */
export interface Taken {
  id: string;
  /** Number of this try: 1, 2, 3 … */
  attempts: number;
}

/** The result of one try. */
export type Delivery = Taking | Failure;

export interface Taking {
  ok: true;
  /** What the server said when it took the message; absent: no server was asked. */
  answer?: string;
}

export interface Failure {
  ok: false;
  /** This message will never be accepted. */
  permanent: boolean;
  /** A server answered and refused; false: no server answered. */
  answered: boolean;
  /** For logs: contains no personal data. */
  code: string;
  /** For the outbox: may name the recipient. */
  reason: string;
}

/** The workers' log, such as a pino logger. It gets only ids and codes, no personal data. */
export interface WorkerLog {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}
